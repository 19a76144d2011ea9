# Every target makes .venv and installs what it needs when it is not there.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
ARCHIVE ?=
DATA ?= data
SHARED ?= ../shared
MODEL :=
URL :=
STAMP := $(VENV)/.installed
STAMP_DEV := $(VENV)/.installed-dev

# The package of a chat model's provider: that of OpenAI for a server at an address.
PROVIDER := $(if $(URL),openai,$(if $(findstring :,$(MODEL)),$(firstword $(subst :, ,$(MODEL)))))
STAMP_CHAT := $(if $(PROVIDER),$(VENV)/.installed-$(PROVIDER))

# Only a chat model that is named here is asked, never one of the environment.
CHAT_MODEL := RAADSGEHEUGEN_CHAT_MODEL='$(MODEL)' RAADSGEHEUGEN_CHAT_URL='$(URL)'
RUN := $(CHAT_MODEL) $(BIN)/python -m eval run$(if $(MODEL), --written --judge)
EVALUATIONS := eval-sample eval-more eval-statements eval-other eval-refusals eval-reading eval-pairs eval-words $(if $(wildcard $(SHARED)/archive),eval-letters)

.PHONY: chat test tests eval $(EVALUATIONS) baseline bench peers check model weights words clean help

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(VENV):
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

# Compiled on all cores afterwards: pip would do it on one.
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt
COMPILE = $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true

# What is for development holds the rest; where both are asked for, it comes first, as two installs at once would break each other.
$(STAMP): pyproject.toml constraints.txt | $(VENV) $(if $(filter test tests check eval% bench peers baseline model weights,$(MAKECMDGOALS)),$(STAMP_DEV))
	$(INSTALL) -e .
	$(COMPILE)
	touch $@

$(STAMP_DEV): pyproject.toml constraints.txt | $(VENV)
	$(INSTALL) -e '.[dev]'
	$(COMPILE)
	touch $(STAMP) $@

$(VENV)/.installed-%: $(STAMP)
	$(INSTALL) -e '.[llm]' 'langchain-$*'
	touch $@

chat: $(STAMP) $(STAMP_CHAT)  ## ingest the sample archive, or ARCHIVE=folder, and open the chat; answers by MODEL=provider:name, or MODEL=name URL=http://host/v1
	$(if $(MODEL),$(CHAT_MODEL) )$(BIN)/raadsgeheugen chat --ingest '$(or $(ARCHIVE),eval/sample/archive)' --data '$(if $(ARCHIVE),$(DATA)/$(notdir $(abspath $(ARCHIVE))),$(DATA)/sample)'

test: check tests  ## checks and tests

# Three at a time on two cores: a browser, a server or another process is often waited for.
tests: $(STAMP_DEV)
	$(BIN)/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2)) --dist loadfile

check: $(STAMP_DEV)  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Two at a time, each with its report in one piece; a chat model that writes is asked one question at a time.
eval: $(STAMP_DEV) $(STAMP_CHAT)  ## the question sets, the labelled letters and statements, with gates, baselines and reports in build/; answers by MODEL=
	@mkdir -p build
	@$(MAKE) --no-print-directory --keep-going --output-sync --jobs=$(if $(MODEL),1,2) $(EVALUATIONS)

eval-sample:
	$(RUN) --archive eval/sample/archive --questions eval/sample/questions.yaml \
	  --baseline eval/sample/questions.baseline.json --out build/eval.json --html build/eval.html --markdown build/eval.md --junit build/eval.xml

eval-refusals:
	$(RUN) --archive eval/sample/archive --questions eval/sample/refusals.yaml --out build/eval-refusals.json

eval-other:
	$(RUN) --archive eval/sample/other --questions eval/sample/questions-other.yaml --out build/eval-other.json

eval-more:
	$(RUN) --archive eval/sample/more --questions eval/sample/questions-more.yaml --out build/eval-more.json

eval-pairs:
	$(RUN) --archive eval/sample/archive --questions eval/sample/pairs.yaml --out build/eval-pairs.json
	$(RUN) --archive eval/sample/other --questions eval/sample/pairs-other.yaml --out build/eval-pairs-other.json
	$(RUN) --archive eval/sample/more --questions eval/sample/pairs-more.yaml --out build/eval-pairs-more.json

eval-words:
	$(RUN) --archive eval/sample/more --questions eval/sample/words-more.yaml --out build/eval-words-more.json
	$(RUN) --archive eval/sample/other --questions eval/sample/words-other.yaml --out build/eval-words-other.json

eval-reading:
	$(BIN)/python -m eval reading --archive eval/sample/archive --labels eval/sample/labels.yaml --out build/eval-reading.json
	$(BIN)/python -m eval reading --archive eval/sample/other --labels eval/sample/labels-other.yaml --out build/eval-reading-other.json

eval-statements:
	$(BIN)/python -m eval statements --archive eval/sample/archive --statements eval/sample/statements.yaml --out build/eval-statements.json
	$(BIN)/python -m eval statements --archive eval/sample/more --statements eval/sample/statements-more.yaml --out build/eval-statements-more.json
	$(BIN)/python -m eval statements --archive eval/sample/orders --statements eval/sample/statements-orders.yaml --out build/eval-statements-orders.json

eval-letters:
	$(RUN) --archive '$(SHARED)/archive' --questions '$(SHARED)/questions/letters.yaml' --out build/eval-letters.json

baseline: $(STAMP_DEV)  ## accept what the sample questions reach now as what later runs are compared with
	$(BIN)/python -m eval run --archive eval/sample/archive --questions eval/sample/questions.yaml \
	  --baseline eval/sample/questions.baseline.json --update-baseline --out build/eval.json

bench: $(STAMP_DEV)  ## what each part of the search is worth; speed and memory beside a plain LangChain pipeline
	@if [ -d '$(SHARED)/data' ]; then $(BIN)/python -m eval make --data '$(SHARED)/data' --out build/sets; fi
	$(BIN)/python -m eval parts $(wildcard $(SHARED)/data/dev/*) $$(ls -d build/sets/* 2>/dev/null) \
	  --questions eval/sample/archive eval/sample/questions.yaml \
	  $(if $(wildcard $(SHARED)/archive),--questions $(SHARED)/archive $(SHARED)/questions/letters.yaml) --out build/parts.json
	$(BIN)/python -m eval bench --archive eval/sample/archive --out build/bench.json

peers: $(STAMP_DEV)  ## the test questions asked of us, of a plain LangChain pipeline and of BM25 alone, side by side
	for config in default langchain bm25; do \
	  $(BIN)/python -m eval run --no-gates $$([ $$config = default ] || echo --config eval/configs/$$config.yaml) \
	    --archive eval/sample/archive --questions eval/sample/questions.yaml --part test --out build/peers/$$config.json >/dev/null || exit; \
	done
	$(BIN)/python -m eval compare build/peers/default.json build/peers/langchain.json build/peers/bm25.json --markdown

model: $(STAMP_DEV)  ## train the bundled embedding model again from SHARED/data
	$(BIN)/python -m vectorstore.training --data '$(SHARED)/data' --out vectorstore/model

weights: $(STAMP_DEV)  ## fit the weights that choose sentences and refuse again, to the questions that may be tuned on
	$(BIN)/python -m eval fit --out assistant/weights.yaml \
	  --questions eval/sample/archive eval/sample/questions.yaml --questions eval/sample/archive eval/sample/refusals.yaml \
	  --questions eval/sample/other eval/sample/questions-other.yaml --questions eval/sample/more eval/sample/questions-more.yaml

words: $(STAMP)  ## make the word lists again from SHARED/data
	$(BIN)/python -m vectorstore.wordlist --data '$(SHARED)/data'

clean:  ## remove what was built, not the archive
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis
