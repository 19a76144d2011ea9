"""Sentences of a letter that give orders to a program that may read it."""

from __future__ import annotations

import re

from vectorstore.dutch import fold

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
    """Whether a sentence addresses a program, a model or an assistant and says what it is to do or to answer."""
    return _ORDER.search(fold(sentence)) is not None
