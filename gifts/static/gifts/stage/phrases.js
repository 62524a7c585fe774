// What the stage says. The page gives its own words in data attributes
// (templates/gifts/_stage.html); these are the English ones.

import { figure, language, priceLike } from "../../js/page.js";

const ENGLISH = {
  somebody: "Anonymous",
  sent: "{from} sent {gift}, {coins}",
  did: "sent {gift}",
  a: "a {gift}",
  an: "an {gift}",
  some: "{gift}",
  several: "{count} × {gift}",
  toGuest: "{gift} to {to}",
  guest: "a guest",
  coin: "{count} coin",
  coins: "{count} coins",
  price: "{money} ({coins})",
  priceCoins: "",
  priceMinor: "",
  priceExample: "",
  many: "{count} gifts, {coins}",
  more: "+{count} gifts",
  next: "+{count} next",
  away: "{count} gifts while you were away",
  others: "{from} and {count} more",
  thanks: "{by} thanks {to} for {gift}",
  undone: "{from} undid {gift}",
  undoneMany: "{count} gifts were undone",
  skip: "Skip",
};

export const phrasesOf = (element) =>
  Object.fromEntries(
    Object.entries(ENGLISH).map(([name, words]) => [name, element.dataset[name] ?? words]),
  );

const plural = new Intl.PluralRules(language);

/** Put values into the braces of a sentence. */
export const put = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** So many coins in words, their money first where the page knows what they cost. */
export function coinsIn(words, count) {
  const coins = put(words[plural.select(count) === "one" ? "coin" : "coins"], {
    count: figure(count),
  });
  const money = priceLike(words)(count);
  return money ? put(words.price, { money, coins }) : coins;
}

/**
 * Add to a gift in words who gets it, where that is a guest of the stream.
 * @param {Record<string, string>} words
 * @param {string} gift
 * @param {{to?: string | null, to_handle?: string | null}} receiver
 */
export const toWhom = (words, gift, { to, to_handle: handle }) =>
  handle ? put(words.toGuest, { gift, to: to || words.guest }) : gift;

/** "a Moss Frog", "an Encore Ticket", "Rowing Dragons", "5 × Pebble", "a Moss Frog to Mira". Where
 * a language has no articles all of them are the bare name. */
export const named = (words, gift) => toWhom(words, bare(words, gift), gift);

function bare(words, { name, quantity }) {
  if (quantity > 1) return put(words.several, { count: figure(quantity), gift: name });
  const plain = /[^s]s$/i.test(name);
  const open = /^(?:[aio]|e(?!u)|u(?!ni|se|to))/i.test(name);
  return put(words[plain ? "some" : open ? "an" : "a"], { gift: name });
}
