"""A migration that makes a table leaves the classes of the other tables alone."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from giftplatform.management.commands.migrate import new_models_alone


def table(name: str, **columns: models.Field) -> ModelState:  # type: ignore[type-arg]  # of any kind
    return ModelState("auth", name, [("id", models.AutoField(primary_key=True)), *columns.items()])


def owned() -> models.Field:  # type: ignore[type-arg]
    return models.ForeignKey("auth.Owner", models.CASCADE)


def state() -> ProjectState:
    """Return a state with an owner and a house, whose classes are built."""
    made = ProjectState()
    for model in (table("Owner"), table("House", owner=owned())):
        made.add_model(model)
    assert len(made.apps.get_models()) == 2
    return made


def test_a_new_class_is_built_alone_and_found_from_the_others() -> None:
    ours, djangos = state(), state()
    house = ours.apps.get_model("auth.House")
    other = djangos.apps.get_model("auth.House")
    with new_models_alone():
        ours.add_model(table("Boat", owner=owned()))
    djangos.add_model(table("Boat", owner=owned()))
    assert ours.apps.get_model("auth.House") is house
    assert djangos.apps.get_model("auth.House") is not other  # or we would be here for nothing
    for made in (ours, djangos):
        owner = made.apps.get_model("auth.Owner")
        assert {one.related_model.__name__ for one in owner._meta.related_objects} == {
            "House",
            "Boat",
        }


def test_a_migrations_own_code_finds_all_classes_built_anew() -> None:
    made = state()
    house = made.apps.get_model("auth.House")
    with new_models_alone():
        made.add_model(table("Boat", owner=owned()))
    made.clear_delayed_apps_cache()  # as `RunPython` does before it begins
    assert made.apps.get_model("auth.House") is not house
    assert made.apps.get_model("auth.Boat")
