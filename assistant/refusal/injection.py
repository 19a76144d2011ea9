"""Orders to a program: in a letter that it may read, and in the question that it is asked."""

from __future__ import annotations

import re

from assistant.query.language import Wording
from vectorstore.analysis.dutch import fold

_PROGRAM = r"(?:assistent|assistant|taalmodel|language model|chat ?bot|chatgpt|gpt|llm|ai(?:-\w+| \w+)?|computer|programma dat dit leest|zoekmachine|robot|bot|systeem|system|prompt)"
_TOLD = r"(?:instructi\w*|opdracht\w*|regels|aanwijzing\w*|richtlijn\w*|instructions?|rules|guidelines|directions|prompts?|tekst hierboven|bovenstaande|above|context)"
_ORDER = re.compile(
    rf"\b(?:negeer|vergeet|sla|ignore|disregard|forget|override|bypass)\b[^.!?]{{0,60}}\b(?:{_TOLD}|alles|everything)\b|"
    rf"^\W*(?:system|systeem|assistant|assistent|user|gebruiker|developer)\s*:|<\|?\s*/?\s*(?:system|assistant|im_start|im_end|inst)|\[/?inst\]|###\s*(?:system|instruct)|"
    rf"\b(?:you are|je bent|jij bent|u bent|gij zijt) (?:now |nu |voortaan |vanaf nu |an? |een |the |de |het |no longer |niet langer |geen )*(?:\w+ ){{0,2}}{_PROGRAM}\b|"
    rf"\b(?:you are now|je bent (?:nu|voortaan|vanaf nu))\b|\b(?:act as|pretend|doe alsof je|gedraag je als|speel de rol)\b|"
    rf"\b(?:aan|to|voor|attention|let op|beste|geachte|dear|hey|hallo)\b,? (?:de |het |elke |iedere |alle |the |any |every |een |an? )?(?:\w+ )?"
    r"(?:taalmodel\w*|language models?|chat ?bots?|ai[- ](?:model\w*|assistent\w*|assistants?|systeem|system\w*)|assistent die|assistant (?:that|who|reading))\b|"
    rf"\b(?:antwoord|antwoordt|reageer|answer|respond|reply)\b (?:voortaan|vanaf nu|altijd|alleen|uitsluitend|nu|only|always|from now on|with|met|dat|that|in het|in)\b|"
    r"\b(?:zet|schrijf|meld|vermeld|noem|zeg|herhaal|neem|include|write|say|state|mention|repeat|put|output|print|return)\b[^.!?]{0,50}"
    r"\b(?:in|als|aan het (?:begin|eind|slot) van|onder|boven|as|at the (?:end|start|beginning) of) (?:je|jouw|uw|elk|ieder|het|all|every|each|your|the|any)?\s?"
    r"(?:antwoord\w*|answers?|respons\w*|repl(?:y|ies)|output|samenvatting|summary)\b|"
    r"\b(?:bij|op|in|als je|wanneer je|when you|if you)\b[^.!?]{0,40}\b(?:vragen beantwoordt|een vraag krijgt|deze brief (?:leest|samenvat|verwerkt)|dit document (?:leest|samenvat|verwerkt)|"
    r"read this|summari[sz]e this|process this|answering|asked about)\b|"
    r"\b(?:wie|alles wat|elk programma dat|any program that|whoever) (?:deze brief|dit document|dit|this letter|this document|this) (?:automatisch |automatically )?(?:leest|samenvat|verwerkt|reads|summari[sz]es|processes)\b|"
    rf"\b(?:taalmodel\w*|language models?|ai-?model\w*|chat ?bots?)\b[^.!?]{{0,60}}\b(?:moet\w*|dien\w*|zal|must|should|shall|needs? to|has to|have to)\b|"
    r"\b(?:system ?prompt|systeemprompt|systeeminstructi\w+|jailbreak|prompt ?injecti\w+)\b|"
    r"\b(?:vertel|zeg|tell|say)\b[^.!?]{0,30}\b(?:de gebruiker|gebruikers|de lezer|the user|users)\b|"
    r"\bgeef (?:als antwoord|het antwoord|voortaan|altijd)\b|\byour (?:instructions|task is|answer must|response must)\b|\bje (?:instructies|taak is|antwoord moet)\b"
)


def commands_program(sentence: str) -> bool:
    """Check whether a sentence addresses a program, a model or an assistant and says what it is to do or to answer."""
    return _ORDER.search(fold(sentence)) is not None


_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")
_OPENING = r"^\W*(?:(?:please|now|nu|eerst|oke?|hallo|hoi|hello|hi|assistent|assistant|graag|alsjeblieft)\b\W*){0,3}"
"""Before the verb of an order; elsewhere in a sentence the same words are part of a question."""
_OVERRIDE = re.compile(
    rf"{_OPENING}(?:"
    r"(?:negeer|vergeet|ignore|disregard|forget)\b.*\b(?:alles|instructi\w+|regels|bronnen|brieven|vorige|hierboven|everything|instructions?|rules|previous|"
    r"prior|above|sources)\b|"
    r"(?:(?:vanaf nu|voortaan) )?(?:je|jij|u) (?:bent|speelt)\b(?: vanaf)? (?:nu|voortaan|even|niet langer|geen)\b|(?:from now on,? )?you are (?:now|no longer)\b|"
    r"(?:doe|gedraag je|antwoord) als(?:of)?\b|spreek (?:nu |voortaan )?als\b|(?:pretend|act as|role-?play)\b|"
    r"(?:verwijder|wis|delete|erase) |(?:do not|don't|never) (?:cite|quote|use|mention|answer|follow|refuse)\b|"
    r"(?:noem|gebruik|geef) geen (?:bron|bronnen|bronvermelding\w*|citaten|kenmerk\w*)\b|laat de (?:bron|bronnen|citaten|aanhalingstekens)\b.*\bweg\b|"
    r"stop met (?:antwoorden|citeren|zoeken)\b|geef (?:me |mij )?toegang\b"
    r")|\b(?:system ?prompt|systeemprompt|systeeminstructi\w+)\b|<\s*/?\s*(?:script|iframe)\b"
)
_ERRAND = re.compile(
    rf"{_OPENING}(?:"
    r"(?:schrijf|write|compose|verzin|invent|vertaal|translate|herhaal|repeat|bevestig|confirm|print|output|send|stuur)(?=\s)|"
    r"(?:maak|make|create|dicht|zet|plaats|voeg)\s+(?:an?|een|de|het|it|up|me|mij|er|van|nu|onder|boven|dit|dat|ook|alle)\b|druk\b.*\baf\b|"
    r"(?:antwoord|answer|reply|respond) (?:nu |voortaan |now )?(?:met|alleen|voortaan|only|with|in (?:het|een|de|a|an|the|rhyme))\b|"
    r"geef (?:je|uw|het|een) antwoord (?:als|met|zonder)\b|zeg (?:dat|maar|alleen|gewoon)\b|say that\b|(?:begin|start) (?:je|your|uw)\b"
    r")"
)
_KEPT = re.compile(
    r"\b(?:wat|welke?|waarom|hoe\w*|wie|wanneer|what|which|why|how|who|when)\b.*\b(?:\w*raad|college|gemeente|wethouder|council|executive|municipality|"
    r"brief|brieven|adviezen|letters)\b|"
    r"\b(?:overzicht|samenvatting|lijst\w*|tijdlijn|summary|overview|list|timeline)\b|"
    r"\b(?:de|het|alle|the|all) (?:\w+ )?(?:brief|brieven|advies|adviezen|reacties?|verslag\w*|letters?|repl(?:y|ies)) (?:over|van|uit|about|on|from|of)\b"
)
"""Errands that are questions all the same: for what letters say, an overview of it, or the letter itself."""


def without_orders(question: Wording) -> Wording:
    """Return a question without the sentences that tell the assistant what to do; empty if nothing else is asked."""
    sentences = [text for match in _SENTENCE.finditer(question.text) if (text := match[0].strip())]
    kept = [text for text in sentences if not is_order(question if text == question.text else Wording(text))]
    return question if " ".join(kept) == question.text else Wording(" ".join(kept))


def is_order(sentence: Wording) -> bool:
    """Check whether a sentence tells the assistant what to do instead of asking what letters say."""
    if _OVERRIDE.search(sentence.folded):
        return True
    return _ERRAND.search(sentence.folded) is not None and _KEPT.search(sentence.folded) is None
