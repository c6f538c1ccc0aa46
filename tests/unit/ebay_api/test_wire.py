"""The transport on real sockets: what a mock cannot break."""

import contextlib
import datetime as dt
import gzip
import io
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ebay_api.calls import Call
from ebay_api.errors import ContractError, Transient


class Server:
    """Accepts connections and writes what it is told, byte for byte."""

    def __init__(self, reply, tls=None):
        self.requests = []
        self._reply = reply
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self):
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}/x"

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), connection:
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                self.requests.append(connection.recv(65536))
                self._reply(connection)

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(2)


@pytest.fixture
def serve():
    servers = []

    def start(reply, tls=None):
        servers.append(Server(reply, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def says(raw):
    return lambda connection: connection.sendall(raw)


def http(body, headers="", status="200 OK", length=None):
    length = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n"
    return head.encode() + body


def call(server, **changes):
    facts = {"api": "inventory", "name": "getOffer", "method": "GET"}
    return Call(**{**facts, "url": server.url, **changes})


@pytest.fixture
def transport(make_transport):
    return make_transport(timeout=(30, 30))


@pytest.fixture
def impatient(make_transport):
    """For tests in which nothing comes: where something does, a machine may be slow."""
    return make_transport(timeout=(30, 0.1))


def test_a_cut_off_body_is_noticed_and_repeated(transport, serve):
    server = serve(says(http(b'{"orders": [', length=500)))
    with pytest.raises(Transient) as caught:
        transport.send(call(server))
    assert len(server.requests) == 3
    assert caught.value.status == 200


def test_a_cut_off_body_that_is_valid_json_is_noticed_too(transport, serve):
    server = serve(says(http(b"{}", length=3)))
    with pytest.raises(Transient):
        transport.send(call(server))


def test_a_cut_off_chunked_body_is_noticed(transport, serve):
    raw = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":'
    with pytest.raises(Transient):
        transport.send(call(serve(says(raw))))


def test_a_cut_off_gzip_body_is_noticed(transport, serve):
    packed = gzip.compress(b'{"a": "' + b"x" * 5000 + b'"}')
    server = serve(
        says(http(packed[:-15], "Content-Encoding: gzip\r\n", length=len(packed)))
    )
    with pytest.raises(Transient):
        transport.send(call(server))


def test_a_gzip_body_is_unpacked(transport, serve):
    packed = gzip.compress(b'{"a": 1}')
    server = serve(says(http(packed, "Content-Encoding: gzip\r\n")))
    assert transport.send(call(server)).body == b'{"a": 1}'
    assert b"accept-encoding: gzip\r\n" in server.requests[0].lower()


def test_a_gzip_bomb_stops_at_the_cap(transport, serve):
    packed = gzip.compress(b"0" * 20_000_000)
    server = serve(says(http(packed, "Content-Encoding: gzip\r\n")))
    with pytest.raises(ContractError):
        transport.send(call(server, max_bytes=100_000))


def test_broken_gzip_is_unreadable_not_empty(transport, serve):
    server = serve(says(http(b"no gzip at all", "Content-Encoding: gzip\r\n")))
    with pytest.raises(ContractError):
        transport.send(call(server))


def test_an_endless_body_stops_at_the_cap(transport, serve):
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with pytest.raises(ContractError) as caught:
        transport.send(call(serve(endless), max_bytes=200_000))
    assert len(caught.value.body) == 64 * 1024


def test_silence_ends_with_a_time_out(impatient, serve):
    done = threading.Event()
    server = serve(lambda connection: done.wait(60))
    with pytest.raises(Transient) as caught:
        impatient.send(call(server, writes=True, repeatable=False))
    done.set()
    assert caught.value.outcome_unknown is True
    assert "in time" in caught.value.message


def test_a_body_that_stops_half_way_ends_with_a_time_out(impatient, serve):
    done = threading.Event()

    def reply(connection):
        connection.sendall(http(b'{"a"', length=100))
        done.wait(60)

    with pytest.raises(Transient):
        impatient.send(call(serve(reply), writes=True, repeatable=False))
    done.set()


def test_a_body_that_only_trickles_ends_at_the_deadline(make_transport, serve):
    ticks = iter(range(0, 100_000, 40))
    transport = make_transport(timer=lambda: next(ticks), longest_body=120)
    server = serve(says(http(b"x" * 200_000)))
    with pytest.raises(Transient, match="too slowly"):
        transport.send(call(server, repeatable=False))


def test_nobody_listening_means_that_nothing_was_sent(make_transport):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Transient) as caught:
        make_transport().send(
            Call(
                "inventory",
                "createOffer",
                "POST",
                f"http://127.0.0.1:{port}/",
                writes=True,
                repeatable=False,
            )
        )
    assert caught.value.outcome_unknown is False
    assert "could not be reached" in caught.value.message


def test_a_connection_closed_without_an_answer_is_unknown_for_writes(transport, serve):
    server = serve(lambda connection: None)
    with pytest.raises(Transient) as caught:
        transport.send(call(server, method="POST", writes=True, repeatable=False))
    assert caught.value.outcome_unknown is True
    assert len(server.requests) == 1


def test_nonsense_instead_of_http_is_transient(transport, serve):
    with pytest.raises(Transient):
        transport.send(call(serve(says(b"SSH-2.0-OpenSSH_9.2\r\n"))))


def test_a_redirect_to_another_host_is_not_followed(transport, serve):
    other = serve(says(http(b"{}")))
    answer = http(b"", f"Location: {other.url}\r\n", "302 Found")
    with pytest.raises(ContractError):
        transport.send(call(serve(says(answer)), headers={"Authorization": "Bearer s"}))
    assert other.requests == []


def test_a_download_goes_to_the_file_and_starts_over_after_a_cut(transport, serve):
    answers = iter([http(b"abc", length=10), http(b"0123456789")])
    server = serve(lambda connection: connection.sendall(next(answers)))
    sink = io.BytesIO()
    answer = transport.send(call(server), sink=sink)
    assert (sink.getvalue(), answer.body) == (b"0123456789", b"")


# --- TLS ----------------------------------------------------------------------------


def certificate(tmp_path, name, *, days, host="127.0.0.1"):
    """A self-signed certificate; returns a server context and the certificate file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ebay.test")])
    now = dt.datetime.now(dt.timezone.utc)
    if host == "127.0.0.1":
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    else:
        alternative = x509.DNSName(host)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=30))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / f"{name}.pem"
    pem = built.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both = tmp_path / f"{name}-both.pem"
    both.write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, file


def test_a_trusted_certificate_is_accepted(
    make_transport, serve, tmp_path, monkeypatch
):
    context, file = certificate(tmp_path, "good", days=30)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    server = serve(says(http(b"{}")), context)
    assert make_transport().send(call(server)).status == 200


@pytest.mark.parametrize(
    ("days", "host", "trusted"),
    [(-1, "127.0.0.1", True), (30, "evil.test", True), (30, "127.0.0.1", False)],
    ids=["expired", "other host", "unknown issuer"],
)
def test_a_bad_certificate_gets_no_token(
    make_transport, serve, tmp_path, monkeypatch, days, host, trusted
):
    context, file = certificate(tmp_path, "bad", days=days, host=host)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    if trusted:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    server = serve(says(http(b"{}")), context)
    with pytest.raises(Transient) as caught:
        make_transport().send(
            call(server, headers={"Authorization": "Bearer s"}, writes=True)
        )
    assert "certificate" in caught.value.message
    assert caught.value.outcome_unknown is False
    assert b"".join(server.requests) == b""
