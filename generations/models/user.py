from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.models import Session
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from generations.models.revision import Revision

LAST_PROMPTS = 50


class LastAdmin(Exception):
    """What would leave the team without anybody who may manage it. Nothing was changed."""


class UserManager(BaseUserManager):
    use_in_migrations = True

    def of_team(self):
        """Those who are in it, disabled ones included; not those who were removed."""
        return self.filter(removed_at=None)

    def admins(self):
        """Those who can manage the team now."""
        return self.filter(role=User.Role.ADMIN, is_active=True)

    def create_user(self, email, password=None, **fields):
        """Add a member. The address is kept in lower case, so that one person has one account."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Add an admin."""
        return self.create_user(email, password, role=User.Role.ADMIN, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the team, who signs in by email. Admins are superusers and may enter the Django admin."""

    class Role(models.TextChoices):
        ADMIN = "admin", "Admin"
        MEMBER = "member", "Member"
        VIEWER = "viewer", "Viewer"

    class Theme(models.TextChoices):
        AUTO = "", "Auto"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField(
        "email", unique=True, error_messages={"unique": "Somebody with this email is already in the team."}
    )
    name = models.CharField("name", max_length=80)
    role = models.CharField(
        max_length=8,
        choices=Role,
        default=Role.MEMBER,
        help_text="Admins may do everything, members generate and share, viewers look, like and rate.",
    )
    is_active = models.BooleanField(
        "may sign in", default=True, help_text="Switch off instead of deleting: the person's work stays."
    )
    is_staff = models.BooleanField("may enter the admin", default=False)
    undo_seconds = models.PositiveSmallIntegerField(
        "seconds to undo", default=3, validators=[MaxValueValidator(10)], help_text="Before an order is sent, 0 to 10."
    )
    budget = models.DecimalField(
        "monthly budget in US dollars",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Empty: no limit.",
    )
    has_shortcuts = models.BooleanField("single-key shortcuts", default=True)
    theme = models.CharField("appearance", max_length=5, choices=Theme, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)  # of the tz database; empty: the studio's own
    wishes = models.JSONField(default=list, blank=True)  # of what they want to be told, and how: "ready:mail"
    digest_of = models.DateField(null=True, blank=True, editable=False)  # the Monday of the newest weekly mail
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)  # without name and email since then

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_without_case")]

    def __str__(self):
        return self.name or self.email

    def save(self, *args, **kwargs):
        self.is_superuser = self.is_admin
        self.is_staff = self.is_staff or self.is_admin
        super().save(*args, **kwargs)

    def clean(self):
        self.email = self.__class__.objects.normalize_email(self.email).lower()

    def wishes_for(self, what, channel):
        """Whether they want to be told of it (ready, failed, budget, weekly) this way (browser, sound, mail)."""
        return f"{what}:{channel}" in self.wishes

    @property
    def wishes_aloud(self):
        """Whether pages are to show or sound anything."""
        return any(wish.endswith((":browser", ":sound")) for wish in self.wishes)

    def wish_no_more(self, what, channel):
        self.wishes = [wish for wish in self.wishes if wish != f"{what}:{channel}"]
        self.save(update_fields=["wishes"])

    def take_digest(self, monday):
        """Whether the mail of this week is still to be sent; whoever asks sends it."""
        earlier = models.Q(digest_of=None) | models.Q(digest_of__lt=monday)
        return User.objects.filter(earlier, pk=self.pk).update(digest_of=monday) == 1

    # Verbs; what they change holds at the person's next request. Each raises LastAdmin where one must stay.

    def become(self, role):
        self._change(keeps_admin=role == self.Role.ADMIN, role=role, **self._rights(role))

    def disable(self):
        """Keep them out until somebody enables them again. False when they were kept out before."""
        return self._change({"is_active": True}, is_active=False)

    def enable(self):
        self._change(keeps_admin=True, is_active=True)

    def end_sessions(self, but=None):
        """Sign them out in every browser, `but` that of this session key. Returns in how many they were signed in."""
        running = Session.objects.filter(expire_date__gt=timezone.now())
        theirs = [row.pk for row in running.iterator() if row.pk != but and signed_in(row) == str(self.pk)]
        Session.objects.filter(pk__in=theirs).delete()
        return len(theirs)

    def remove(self):
        """Out of the team for good, with name and email forgotten. What they made stays, and its history."""
        gone = {"name": "Former member", "email": f"removed-{self.pk}@removed.invalid", "password": "!"}
        self._change(is_active=False, removed_at=timezone.now(), role=self.Role.MEMBER, **self._rights(""), **gone)
        self.authenticator_set.all().delete()
        self.usersession_set.all().delete()

    def drop_second_step(self):
        """Let them sign in with the password alone: the phone is lost. False when that was so before."""
        return self.authenticator_set.all().delete()[0] > 0

    @classmethod
    def _rights(cls, role):
        return dict.fromkeys(("is_superuser", "is_staff"), role == cls.Role.ADMIN)

    def _change(self, where=None, keeps_admin=False, **fields):
        with transaction.atomic():
            Revision.next()  # the one lock that all writers share: two admins cannot take each other's role at once
            if not keeps_admin and not User.objects.admins().exclude(pk=self.pk).exists():
                raise LastAdmin
            changed = User.objects.filter(pk=self.pk, removed_at=None, **(where or {})).update(**fields)
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(changed)

    @property
    def has_second_step(self):
        return self.authenticator_set.exists()

    @property
    def has_app(self):
        """Whether an app on their phone makes codes."""
        return self.authenticator_set.filter(type="totp").exists()

    @property
    def passkeys(self):
        return self.authenticator_set.filter(type="webauthn")

    @property
    def is_admin(self):
        return self.role == self.Role.ADMIN

    @property
    def is_viewer(self):
        return self.role == self.Role.VIEWER

    @cached_property
    def last_prompts(self):
        """The models and values of what this person ordered last, newest first; asked for once in a request."""
        return list(self.prompts.only("author", "model_slugs", "values")[:LAST_PROMPTS])

    @property
    def initials(self):
        """One or two capital letters for the avatar."""
        words = str(self).split("@")[0].replace(".", " ").split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:]))[:2].upper() if words else "?"

    @property
    def hue(self):
        """Which of the five avatar colours is this person's, 1 to 5."""
        return self.pk % 5 + 1


def signed_in(session):
    """The key, as text, of who is signed in there."""
    return session.get_decoded().get(SESSION_KEY)
