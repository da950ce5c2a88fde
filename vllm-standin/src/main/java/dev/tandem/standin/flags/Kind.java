package dev.tandem.standin.flags;

/** What a flag takes. */
enum Kind {
  /** One value of any text. */
  TEXT,
  /** One whole number; {@code 8k}, {@code 1M} and the like where vLLM allows them. */
  INTEGER,
  /** One decimal number. */
  NUMBER,
  /** Nothing; {@code --no-x} turns it off. */
  SWITCH,
  /** One JSON object, or dotted keys {@code --x.key value}. */
  JSON,
  /** One or more values. */
  LIST
}
