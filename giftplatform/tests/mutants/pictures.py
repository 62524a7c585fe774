"""The guards of creators' pictures: what is measured, bounded, locked, deleted, and whose it is."""

from giftplatform.tests.mutants.guards import guard

SERVICES = "accounts/pictures/services.py"
DRAWER = "accounts/pictures/drawer.py"
PICTURES = "accounts/tests/test_pictures.py"
RACES = "accounts/tests/test_picture_races.py"
STUDIO = "studio/tests/test_page.py"
PERSON = "live/tests/test_person.py"

GUARDS = [
    guard(
        "a picture that is too large is not read",
        SERVICES,
        "    if file.size > MOST_MB * 1_000_000:\n        raise PictureTooLarge(most=MOST_MB)\n",
        "",
        PICTURES,
    ),
    guard(
        "only creators have pictures",
        SERVICES,
        "    require_creator(creator)\n    if file.size",
        "    if file.size",
        f"{PICTURES}::test_only_creators_have_pictures",
    ),
    guard(
        "pixels are counted before they are decoded",
        DRAWER,
        "    if image.width * image.height > MOST_PIXELS:",
        "    if image.width < 0:",
        PICTURES,
    ),
    guard(
        "other formats are not decoded",
        DRAWER,
        "Image.open(BytesIO(data), formats=FORMATS)",
        "Image.open(BytesIO(data))",
        PICTURES,
    ),
    guard(
        "decoding has its share of memory",
        DRAWER,
        "    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))\n",
        "",
        f"{PICTURES}::test_a_picture_gets_no_more_memory_than_its_share",
    ),
    guard(
        "a picture stands upright",
        DRAWER,
        "upright = ImageOps.exif_transpose(image)",
        "upright = image",
        f"{PICTURES}::test_the_place_where_it_was_taken_goes_and_it_stands_upright",
    ),
    guard(
        "nothing that the file knew comes out",
        DRAWER,
        'exif=b"", icc_profile=b"", xmp=b"")',
        "exif=Image.open(BytesIO(data)).getexif())",
        f"{PICTURES}::test_the_place_where_it_was_taken_goes_and_it_stands_upright",
    ),
    guard(
        "of two uploads the later one knows the earlier one's file",
        SERVICES,
        "select_for_update(no_key=True).get(pk=pk)",
        "get(pk=pk)",
        RACES,
    ),
    guard(
        "a picture that was replaced is deleted",
        SERVICES,
        "            transaction.on_commit(partial(default_storage.delete, before))\n",
        "            pass\n",
        PICTURES,
    ),
    guard(
        "a file that no row names is deleted at once",
        SERVICES,
        "        default_storage.delete(path)\n        raise\n",
        "        raise\n",
        f"{PICTURES}::test_what_the_row_refuses_leaves_no_file",
    ),
    guard(
        "the sweep leaves alone what is shown",
        SERVICES,
        "[path for path in old if path not in named]",
        "list(old)",
        f"{PICTURES}::test_what_nobody_shows_is_swept_after_its_grace",
    ),
    guard(
        "the sweep leaves alone what is being uploaded",
        SERVICES,
        " < timezone.now() - GRACE",
        " <= timezone.now()",
        f"{PICTURES}::test_what_nobody_shows_is_swept_after_its_grace",
    ),
    guard(
        "a closed account leaves no picture",
        "care/closing/finishing.py",
        "    forget_pictures(user)\n",
        "",
        "care/tests/closing/test_pictures.py",
    ),
    guard(
        "a picture is taken down for a reason",
        "accounts/admin/people.py",
        ' or answers.get("take_down")',
        "",
        f"{STUDIO}::test_staff_take_a_picture_down_and_the_creator_reads_why",
    ),
    guard(
        "uploads keep a pace on the page",
        "studio/views/page.py",
        "        keep_pace(request, request.user)\n",
        "",
        f"{STUDIO}::test_uploads_keep_a_pace",
    ),
    guard(
        "uploads keep a pace in the API",
        "accounts/picture_api.py",
        "    keep_pace(request._request, creator)\n",
        "",
        f"{STUDIO}::test_uploads_keep_a_pace",
    ),
    guard(
        "only our own names are served",
        "accounts/views/pictures.py",
        "    if NAME.fullmatch(name) is None:\n        raise Http404\n",
        "",
        f"{STUDIO}::test_only_pictures_are_served",
    ),
    guard(
        "nobody chooses another creator's picture for a stream",
        "studio/forms/go_live.py",
        "Stream.objects.filter(creator=creator).exclude(",
        "Stream.objects.exclude(",
        f"{STUDIO}::test_a_stream_shows_its_creators_picture_and_nobody_elses",
    ),
    guard(
        "a closed account has no page",
        "accounts/models/people.py",
        "is_creator=True, is_active=True, creator__isnull=False",
        "is_creator=True, creator__isnull=False",
        f"{PERSON}::test_only_creators_whose_account_is_open_have_a_page",
    ),
]
