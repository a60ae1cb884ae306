"""The request budget and the running cap. Pure: time comes in as seconds of any one clock."""


class Bucket:
    """Tokens for requests: at most `burst` at once and, over any window of W seconds, at most burst + rate x W.

    With rate = (0.95 x limit - burst) / 60 no more than 0.95 x limit requests fall into any 60 seconds, however the
    provider counts. It starts empty, since nobody knows what a predecessor just sent.
    """

    BURST = 5
    SHARE = 0.95
    FLOOR = 0.1  # of the full rate, below which refusals do not push it
    SLOWER, FASTER = 0.7, 1.05  # after a refusal; after each quiet minute

    def __init__(self, per_minute, now):
        self.burst = min(self.BURST, max(1, per_minute // 4))
        self.full_rate = (self.SHARE * per_minute - self.burst) / 60
        self.rate = self.full_rate
        self.tokens, self.at = 0.0, now
        self.closed_until, self.quiet_since = now, now

    def take(self, now):
        """Spend a token, if there is one."""
        self._refill(now)
        if now < self.closed_until or self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def refuse(self, now, seconds):
        """The provider said 429: nobody asks for `seconds`, and more slowly after that."""
        self.closed_until = max(self.closed_until, now + seconds)
        self.rate = max(self.rate * self.SLOWER, self.full_rate * self.FLOOR)
        self.tokens, self.quiet_since = 0.0, self.closed_until

    def _refill(self, now):
        while now - self.quiet_since >= 60 and self.rate < self.full_rate:
            self.rate = min(self.rate * self.FASTER, self.full_rate)
            self.quiet_since += 60
        self.tokens = min(self.burst, self.tokens + self.rate * max(now - self.at, 0))
        self.at = now


class Cap:
    """How many tasks may run at once: the setting, less when the provider finds it too many, one more each minute."""

    def __init__(self, limit, now):
        self.limit, self.value, self.at = limit, limit, now

    def room(self, running, now):
        if now - self.at >= 60 and self.value < self.limit:
            self.value, self.at = self.value + 1, now
        return max(self.value - running, 0)

    def refuse(self, running, now):
        """The provider refused one more beside `running` others."""
        self.value, self.at = max(1, min(self.value, running)), now


def next_delay(failures):
    """Seconds to wait after so many failures in a row to reach the provider: 1, 2, 4 … 60."""
    return min(2 ** max(failures - 1, 0), 60)
