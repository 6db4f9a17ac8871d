/** What belongs to a card number and is typed after it: the expiry date, the security code. */

const space = String.raw`[\s\p{Cf},;:.|()/\p{Pd}\u2212]`
const slash = String.raw`\s*[/\uFF0F.'\u2019\p{Pd}\u2212]\s*`
const month = '(?:0?[1-9]|1[0-2])'
const year = String.raw`(?:20\d\d|\d\d)`
const monthName = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?`
const expiryLabel = String.raw`(?:exp(?:iry|ires?|iration)?|valid(?:\s*(?:thru|through|until|to))?|good\s*(?:thru|through)|thru|until)\b\.?(?:\s*date)?`
const codeLabel = String.raw`(?:cvv2?|cvc2?|cvn|cvd|cv2|c\.?v\.?[vc]\.?|cid|csc|(?:(?:card\s*)?(?:security|verification|sec)|card)\.?\s*(?:code|value|number|no|#)\.?|code|pin)`
const labelEnd = String.raw`(?:\s*(?:is|code|number|no|date)\b)?[\s:=.#]*`

const date = [
  `${month}${slash}\\d{1,2}${slash}${year}`,
  `${month}${slash}${year}`,
  `20\\d\\d${slash}${month}`,
  `${monthName}[\\s,'\\u2019\\p{Pd}]*${year}`,
].join('|')
// Without anything between month and year it is a date only by its label, or by having nothing else beside it.
const runDate = String.raw`(?:0[1-9]|1[0-2])\s?(?:20)?\d\d`
const expiry = String.raw`(?:${expiryLabel}${labelEnd}(?:${date}|${runDate}|${month}\s${year})|(?:${date}|${runDate}))(?!\d)`
const labelledCode = String.raw`${codeLabel}${labelEnd}\d{3,4}(?!\d)`
const link = String.raw`(?:(?:and|with|w/|&|\+)\s*)?`

const expiryNext = new RegExp(`${space}*${link}${expiry}`, 'iuy')
const codeNext = new RegExp(`${space}*${link}${labelledCode}`, 'iuy')
const bareCodeNext = new RegExp(String.raw`${space}+\d{3,4}(?!\d)`, 'iuy')

/** Where the card's details end that begin at `from`; `from` itself when none follow. */
export function cardTail(text: string, from: number): number {
  let end = from
  // A date, a code and one of them repeated: more than that is no longer about the card.
  for (let parts = 0; parts < 3; parts += 1) {
    const afterDate = endOf(expiryNext, text, end)
    const afterCode = endOf(codeNext, text, afterDate)
    const next = afterDate > end && afterCode === afterDate ? endOf(bareCodeNext, text, afterDate) : afterCode
    if (next === end) return end
    end = next
  }
  return end
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
