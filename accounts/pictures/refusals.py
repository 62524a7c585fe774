"""Why a picture is refused, each with what to do next."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class PictureRefused(DomainError):
    """The picture is not kept, and the one before stays."""

    code = "picture_refused"
    status = 422
    message = _("This picture can't be used. Choose another.")
    field = "file"


class PictureMissing(PictureRefused):
    """No file came with the request."""

    code = "picture_missing"
    message = _("No picture was chosen. Choose a JPEG, PNG or WebP file first.")


class PictureTooLarge(PictureRefused):
    """The file has too many bytes. Nothing of it was read."""

    code = "picture_too_large"
    message = _("This file is larger than %(most)s MB. Upload a smaller one.")


class PictureUnknown(PictureRefused):
    """The file is of another format, whatever its name says."""

    code = "picture_unknown_format"
    message = _("This file is not a JPEG, PNG or WebP picture. Upload one of these.")


class PictureTooManyPixels(PictureRefused):
    """The picture says that it is larger than we decode. None of its pixels were."""

    code = "picture_too_many_pixels"
    message = _("This picture has more than %(most)s million pixels. Upload a smaller one.")


class PictureTooSmall(PictureRefused):
    """Enlarged to its place, the picture would be a blur."""

    code = "picture_too_small"
    message = _("This picture is too small. Choose one of %(least)s × %(least)s pixels or more.")


class PictureDamaged(PictureRefused):
    """The file begins as a picture and does not go on as one."""

    code = "picture_damaged"
    message = _("This picture can't be read. Upload it again as a plain JPEG.")


class PictureTooMuch(PictureRefused):
    """Decoding it takes more time or memory than a picture needs."""

    code = "picture_too_much"
    message = _("This picture takes too much work to read. Upload it as a plain JPEG.")


class TooManyPictures(DomainError):
    """One person uploads without end."""

    code = "too_many_pictures"
    status = 429
    message = _("You've uploaded many pictures this hour. Try again in an hour.")


class PicturesAway(DomainError):
    """The process that draws does not run here: this says nothing of the picture."""

    code = "pictures_away"
    status = 503
    message = _("Pictures can't be changed right now. Nothing was changed. Try again in a minute.")
