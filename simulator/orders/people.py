"""Names, streets and towns that simulated buyers are made of, by country.

Invented people at real-looking addresses: letters with accents, towns with regions,
postcodes and telephone numbers in the form of the country.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """What people of one country are called, and where they live.

    ``towns`` are (town, postcode, region). ``phone`` and ``house`` are patterns in
    which ``#`` is a digit; ``{street}`` and ``{number}`` stand in ``line``.
    """

    code: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str, str], ...]
    phone: str
    line: str = "{street} {number}"
    second: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()


COUNTRIES = {
    country.code: country
    for country in (
        Country(
            "DE",
            ("Jürgen", "Anja", "Sören", "Katharina", "Björn", "Ute", "Mehmet", "Lena"),
            ("Müller", "Groß", "Weiß", "Schäfer", "von der Heide", "Yılmaz", "Köhler"),
            ("Hauptstraße", "Am Mühlbach", "Straße des 17. Juni", "Gartenweg", "Ring"),
            (
                ("Berlin", "10115", ""),
                ("München", "80331", "Bayern"),
                ("Köln", "50667", "Nordrhein-Westfalen"),
                ("Görlitz", "02826", "Sachsen"),
                ("Frankfurt am Main", "60311", "Hessen"),
            ),
            "+49 1## #######",
            second=("Hinterhaus", "c/o Schmidt", "Packstation 145, 87654321"),
            companies=("Schreinerei Weiß GmbH", "Blumen Köhler e.K."),
        ),
        Country(
            "PL",
            ("Łukasz", "Agnieszka", "Paweł", "Małgorzata", "Grzegorz", "Zofia", "Jan"),
            ("Wiśniewska", "Kowalski", "Wójcik", "Żak", "Dąbrowska", "Nowak", "Śliwa"),
            ("ul. Świętokrzyska", "ul. Długa", "al. Jerozolimskie", "os. Tysiąclecia"),
            (
                ("Warszawa", "00-001", "mazowieckie"),
                ("Łódź", "90-001", "łódzkie"),
                ("Kraków", "30-002", "małopolskie"),
                ("Świdnica", "58-100", "dolnośląskie"),
            ),
            "+48 ### ### ###",
            second=("m. 12", "klatka B"),
            companies=("Usługi Śliwa Sp. z o.o.",),
        ),
        Country(
            "GB",
            ("Oliver", "Amelia", "Siân", "Callum", "Priya", "Eoin", "Harriet"),
            ("O'Connor", "Smith-Jones", "Patel", "MacDonald", "Evans", "Taylor"),
            ("High Street", "Station Road", "The Mews", "Church Lane", "Victoria Row"),
            (
                ("London", "SW1A 1AA", "Greater London"),
                ("Manchester", "M1 1AE", "Lancashire"),
                ("Cardiff", "CF10 1EP", "South Glamorgan"),
                ("Edinburgh", "EH1 1YZ", "Midlothian"),
            ),
            "+44 7### ######",
            line="{number} {street}",
            second=("Flat 2B", "Rose Cottage"),
            companies=("Evans & Daughters Ltd",),
        ),
        Country(
            "FR",
            ("François", "Zoé", "Loïc", "Amélie", "Jean-Luc", "Élodie", "Noël"),
            ("Lefèvre", "d'Alembert", "Dupont", "Gaëtan", "Le Goff", "Bérenger"),
            (
                "rue de la République",
                "avenue Foch",
                "impasse du Chêne",
                "quai Voltaire",
            ),
            (
                ("Paris", "75001", ""),
                ("Lyon", "69001", "Rhône"),
                ("Saint-Étienne", "42000", "Loire"),
                ("Nîmes", "30000", "Gard"),
            ),
            "+33 6 ## ## ## ##",
            line="{number} {street}",
            second=("Bât. C, 3e étage", "BP 14"),
            companies=("Le Goff SARL",),
        ),
        Country(
            "IT",
            ("Nicolò", "Giulia", "Gian Carlo", "Chiara", "Andrea", "Maria Pia"),
            ("D'Angelo", "De Luca", "Rossi", "Esposito", "Dell'Orso", "Nicolò"),
            ("Via Garibaldi", "Piazza Libertà", "Corso Vittorio Emanuele II"),
            (
                ("Roma", "00184", "RM"),
                ("Milano", "20121", "MI"),
                ("Forlì", "47121", "FC"),
                ("Napoli", "80132", "NA"),
            ),
            "+39 3## #######",
            line="{street}, {number}",
            second=("Scala B, interno 7", "presso Bianchi"),
            companies=("Officine De Luca S.r.l.",),
        ),
        Country(
            "ES",
            ("José", "María Ángeles", "Iñaki", "Núria", "Begoña", "Íñigo"),
            ("Núñez García", "Peña", "Ibáñez", "García López", "Muñoz", "Agüero"),
            ("Calle Mayor", "Avenida de América", "Plaza España", "Carrer de Mallorca"),
            (
                ("Madrid", "28013", "Madrid"),
                ("Barcelona", "08001", "Barcelona"),
                ("Logroño", "26001", "La Rioja"),
                ("A Coruña", "15001", "A Coruña"),
            ),
            "+34 6## ### ###",
            line="{street}, {number}",
            second=("3º izquierda", "Bajo B"),
            companies=("Peña e Hijos S.L.",),
        ),
        Country(
            "US",
            ("Jamie", "Latoya", "Miguel", "Sarah", "Kai", "DeShawn", "Emily"),
            ("O'Neil", "Nguyen", "Garcia", "Smith", "Washington", "Kowalski"),
            ("Main St", "Elm Ave", "Martin Luther King Jr Blvd", "County Road 12"),
            (
                ("Austin", "78701", "TX"),
                ("New York", "10001", "NY"),
                ("Springfield", "45501", "OH"),
                ("San Francisco", "94102", "CA"),
            ),
            "+1 512 ### ####",
            line="{number} {street}",
            second=("Apt 4C", "Suite 200"),
            companies=("Smith & Sons LLC",),
        ),
    )
}
