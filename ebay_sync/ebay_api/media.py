"""Media API: pictures for listings, kept by eBay Picture Services."""

from .api import Api
from .calls import MEBIBYTE
from .documents import Reply, read_document, require_text
from .errors import InvalidArgument
from .multipart import file_form
from .paths import path

LARGEST_IMAGE = 12 * MEBIBYTE


class Media(Api):
    """commerce/media/v1_beta, scope sell.inventory.

    An image that no listing uses expires after some weeks (`expirationDate`).
    """

    api = "media"

    def create_image_from_file(
        self, content: bytes, filename: str = "image", content_type: str = "image/jpeg"
    ) -> Reply:
        """Uploads a picture; `imageUrl` and `expirationDate` come back, `created_id` is
        the image's id. Uploading twice only makes a second copy.

        eBay: createImageFromFile
        """
        if len(content) > LARGEST_IMAGE:
            raise InvalidArgument(
                f"The picture is larger than {LARGEST_IMAGE // MEBIBYTE} MB"
            )
        body, form_type = file_form("image", filename, content, content_type)
        headers = {"Accept": "application/json", "Content-Type": form_type}
        call = self._call(
            "createImageFromFile",
            "POST",
            "/image/create_image_from_file",
            None,
            headers,
            body,
            writes=True,
        )
        answer = self._client.send(call, self.acts_as)
        document = read_document(call, answer)
        require_text(call, answer, document, "imageUrl")
        return Reply(document, answer)

    def create_image_from_url(self, url: str) -> Reply:
        """Lets eBay fetch a picture from a public HTTPS address.

        eBay: createImageFromUrl
        """
        return self._write(
            "createImageFromUrl",
            "POST",
            "/image/create_image_from_url",
            {"imageUrl": url},
            repeatable=True,
            needs_text="imageUrl",
        )

    def get_image(self, image_id: str) -> Reply:
        """`imageUrl` and `expirationDate`; `Rejected` (190200) once it has expired.

        eBay: getImage
        """
        where = path("/image/{image_id}", image_id=image_id)
        return self._get("getImage", where, needs_text="imageUrl")
