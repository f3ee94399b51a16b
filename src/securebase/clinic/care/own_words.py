"""Words of the practice and of a person, which their passphrases are not made of."""

from __future__ import annotations

from django.utils.translation import gettext

from securebase.clinic.care.queries import the_practice
from securebase.people.accounts.models import User
from securebase.people.accounts.passphrases import refuse_own_words, words_in


class NotOfPlaceOrPerson:
    """No passphrase that is mostly the practice's words, or its person's name and address."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise if too little else is left."""
        practice = the_practice()
        place = practice.name if practice else ""
        person = (user.name, user.email) if user else ()
        refuse_own_words(password, words_in(place, *person))

    def get_help_text(self) -> str:
        """Say it before it is asked."""
        return gettext("It is not made of names and words of this place.")
