"""The settings of builds: what they are without being given, and what they refuse."""

import os

import pytest

from incremental.settings import Settings, unknown_names


def test_without_a_number_every_core_has_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5}, raising=False)
    assert Settings.from_mapping({}).processes == 3
    assert Settings.from_mapping({"INCREMENTAL_JOBS": 7}).processes == 7


def test_where_the_system_does_not_tell_which_cores_are_ours_all_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert Settings().processes == 1


@pytest.mark.parametrize("jobs", [-1, 1.5, True, "2"])
def test_jobs_are_a_whole_number_and_not_below_none(jobs: object) -> None:
    with pytest.raises(ValueError, match="INCREMENTAL_JOBS is "):
        Settings.from_mapping({"INCREMENTAL_JOBS": jobs})


def test_misspelt_names_are_found() -> None:
    assert unknown_names({"INCREMENTAL_JOB": 1, "INCREMENTAL_JOBS": 1}) == ["INCREMENTAL_JOB"]
