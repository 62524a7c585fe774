// Gifts in words, for those who listen to the page. Never more than one sentence in two seconds: a rain of pebbles is summed up.

const EVERY_MS = 2_000;

export class Teller {
  constructor(stage, words) {
    this.words = words;
    this.waiting = [];
    this.timer = 0;
    this.region = document.createElement("p");
    this.region.className = "visually-hidden";
    this.region.setAttribute("role", "status");
    this.region.setAttribute("aria-live", "polite");
    stage.append(this.region);
  }

  gift(gift) {
    this.waiting.push(gift);
    this.soon();
  }

  say(text) {
    this.region.textContent = text;
  }

  soon() {
    if (this.timer) return;
    this.tell();
    this.timer = setTimeout(() => {
      this.timer = 0;
      if (this.waiting.length) this.soon();
    }, EVERY_MS);
  }

  tell() {
    const gifts = this.waiting.splice(0);
    if (!gifts.length) return;
    const coins = gifts.reduce((sum, gift) => sum + gift.coins, 0).toLocaleString();
    const [first] = gifts;
    this.say(
      gifts.length === 1
        ? this.words.sent.replace("{from}", first.who).replace("{gift}", first.what).replace("{coins}", coins) + (first.message ? `: ${first.message}` : "")
        : this.words.many.replace("{count}", gifts.length).replace("{coins}", coins),
    );
  }
}
