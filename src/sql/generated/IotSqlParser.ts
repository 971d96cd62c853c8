// Generated from grammar/IotSqlParser.g4 by scripts/generate-parser.mjs: do not edit.
// @ts-nocheck: the generator targets looser compiler settings.

import { type ATN } from 'antlr4ts/atn/ATN.js'
import { ATNDeserializer } from 'antlr4ts/atn/ATNDeserializer.js'
import { FailedPredicateException } from 'antlr4ts/FailedPredicateException.js'
import { NoViableAltException } from 'antlr4ts/NoViableAltException.js'
import { Parser } from 'antlr4ts/Parser.js'
import { ParserRuleContext } from 'antlr4ts/ParserRuleContext.js'
import { ParserATNSimulator } from 'antlr4ts/atn/ParserATNSimulator.js'
import { RecognitionException } from 'antlr4ts/RecognitionException.js'
import { type TerminalNode } from 'antlr4ts/tree/TerminalNode.js'
import { Token } from 'antlr4ts/Token.js'
import { type TokenStream } from 'antlr4ts/TokenStream.js'
import { type Vocabulary } from 'antlr4ts/Vocabulary.js'
import { VocabularyImpl } from 'antlr4ts/VocabularyImpl.js'
import * as Utils from 'antlr4ts/misc/Utils.js'

export class IotSqlParser extends Parser {
	public static readonly SET = 1;
	public static readonly SELECT = 2;
	public static readonly VALUE = 3;
	public static readonly FROM = 4;
	public static readonly WHERE = 5;
	public static readonly AS = 6;
	public static readonly AND = 7;
	public static readonly OR = 8;
	public static readonly NOT = 9;
	public static readonly IN = 10;
	public static readonly EXISTS = 11;
	public static readonly CASE = 12;
	public static readonly WHEN = 13;
	public static readonly THEN = 14;
	public static readonly ELSE = 15;
	public static readonly END = 16;
	public static readonly CAST = 17;
	public static readonly TRUE = 18;
	public static readonly FALSE = 19;
	public static readonly NULL = 20;
	public static readonly LPAREN = 21;
	public static readonly RPAREN = 22;
	public static readonly LBRACKET = 23;
	public static readonly RBRACKET = 24;
	public static readonly LBRACE = 25;
	public static readonly RBRACE = 26;
	public static readonly COMMA = 27;
	public static readonly DOT = 28;
	public static readonly COLON = 29;
	public static readonly STAR = 30;
	public static readonly SLASH = 31;
	public static readonly PERCENT = 32;
	public static readonly PLUS = 33;
	public static readonly MINUS = 34;
	public static readonly LE = 35;
	public static readonly GE = 36;
	public static readonly NE = 37;
	public static readonly LT = 38;
	public static readonly GT = 39;
	public static readonly EQ = 40;
	public static readonly HASH = 41;
	public static readonly DOLLAR = 42;
	public static readonly NUMBER = 43;
	public static readonly SINGLE_QUOTED = 44;
	public static readonly DOUBLE_QUOTED = 45;
	public static readonly VARIABLE = 46;
	public static readonly NAME = 47;
	public static readonly WHITESPACE = 48;
	public static readonly DOUBLE_EQUALS = 49;
	public static readonly BANG_EQUALS = 50;
	public static readonly DOUBLE_AMPERSAND = 51;
	public static readonly DOUBLE_PIPE = 52;
	public static readonly LINE_COMMENT = 53;
	public static readonly BLOCK_COMMENT = 54;
	public static readonly SEMICOLON = 55;
	public static readonly BACKTICK = 56;
	public static readonly TYPOGRAPHIC_QUOTE = 57;
	public static readonly UNCLOSED_STRING = 58;
	public static readonly OTHER = 59;
	public static readonly RULE_statement = 0;
	public static readonly RULE_expression = 1;
	public static readonly RULE_setClause = 2;
	public static readonly RULE_assignment = 3;
	public static readonly RULE_selectClause = 4;
	public static readonly RULE_selectItem = 5;
	public static readonly RULE_alias = 6;
	public static readonly RULE_fromClause = 7;
	public static readonly RULE_topicFilter = 8;
	public static readonly RULE_unquotedTopic = 9;
	public static readonly RULE_topicWord = 10;
	public static readonly RULE_whereClause = 11;
	public static readonly RULE_nestedSelect = 12;
	public static readonly RULE_nestedSource = 13;
	public static readonly RULE_disjunction = 14;
	public static readonly RULE_conjunction = 15;
	public static readonly RULE_negation = 16;
	public static readonly RULE_comparison = 17;
	public static readonly RULE_additive = 18;
	public static readonly RULE_multiplicative = 19;
	public static readonly RULE_signed = 20;
	public static readonly RULE_postfix = 21;
	public static readonly RULE_primary = 22;
	public static readonly RULE_whenBranch = 23;
	public static readonly RULE_typeName = 24;
	public static readonly RULE_argument = 25;
	public static readonly RULE_element = 26;
	public static readonly RULE_objectEntry = 27;
	public static readonly RULE_wholePayload = 28;
	public static readonly RULE_barePathName = 29;
	public static readonly RULE_aliasName = 30;
	public static readonly RULE_fieldName = 31;
	// tslint:disable:no-trailing-whitespace
	public static readonly ruleNames: string[] = [
		"statement", "expression", "setClause", "assignment", "selectClause",
		"selectItem", "alias", "fromClause", "topicFilter", "unquotedTopic", "topicWord",
		"whereClause", "nestedSelect", "nestedSource", "disjunction", "conjunction",
		"negation", "comparison", "additive", "multiplicative", "signed", "postfix",
		"primary", "whenBranch", "typeName", "argument", "element", "objectEntry",
		"wholePayload", "barePathName", "aliasName", "fieldName",
	];

	private static readonly _LITERAL_NAMES: Array<string | undefined> = [
		undefined, undefined, undefined, undefined, undefined, undefined, undefined,
		undefined, undefined, undefined, undefined, undefined, undefined, undefined,
		undefined, undefined, undefined, undefined, undefined, undefined, undefined,
		"'('", "')'", "'['", "']'", "'{'", "'}'", "','", "'.'", "':'", "'*'",
		"'/'", "'%'", "'+'", "'-'", "'<='", "'>='", "'<>'", "'<'", "'>'", "'='",
		"'#'", "'$'", undefined, undefined, undefined, undefined, undefined, undefined,
		"'=='", "'!='", "'&&'", "'||'", "'--'", "'/*'", "';'", "'`'",
	];
	private static readonly _SYMBOLIC_NAMES: Array<string | undefined> = [
		undefined, "SET", "SELECT", "VALUE", "FROM", "WHERE", "AS", "AND", "OR",
		"NOT", "IN", "EXISTS", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST",
		"TRUE", "FALSE", "NULL", "LPAREN", "RPAREN", "LBRACKET", "RBRACKET", "LBRACE",
		"RBRACE", "COMMA", "DOT", "COLON", "STAR", "SLASH", "PERCENT", "PLUS",
		"MINUS", "LE", "GE", "NE", "LT", "GT", "EQ", "HASH", "DOLLAR", "NUMBER",
		"SINGLE_QUOTED", "DOUBLE_QUOTED", "VARIABLE", "NAME", "WHITESPACE", "DOUBLE_EQUALS",
		"BANG_EQUALS", "DOUBLE_AMPERSAND", "DOUBLE_PIPE", "LINE_COMMENT", "BLOCK_COMMENT",
		"SEMICOLON", "BACKTICK", "TYPOGRAPHIC_QUOTE", "UNCLOSED_STRING", "OTHER",
	];
	public static readonly VOCABULARY: Vocabulary = new VocabularyImpl(IotSqlParser._LITERAL_NAMES, IotSqlParser._SYMBOLIC_NAMES, []);

	// @Override
	// @NotNull
	public get vocabulary(): Vocabulary {
		return IotSqlParser.VOCABULARY;
	}
	// tslint:enable:no-trailing-whitespace

	// @Override
	public get grammarFileName(): string { return "IotSqlParser.g4"; }

	// @Override
	public get ruleNames(): string[] { return IotSqlParser.ruleNames; }

	// @Override
	public get serializedATN(): string { return IotSqlParser._serializedATN; }

	protected createFailedPredicateException(predicate?: string, message?: string): FailedPredicateException {
		return new FailedPredicateException(this, predicate, message);
	}

	constructor(input: TokenStream) {
		super(input);
		this._interp = new ParserATNSimulator(IotSqlParser._ATN, this);
	}
	// @RuleVersion(0)
	public statement(): StatementContext {
		let _localctx: StatementContext = new StatementContext(this._ctx, this.state);
		this.enterRule(_localctx, 0, IotSqlParser.RULE_statement);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 65;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			if (_la === IotSqlParser.SET) {
				{
				this.state = 64;
				this.setClause();
				}
			}

			this.state = 67;
			this.selectClause();
			this.state = 69;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			if (_la === IotSqlParser.FROM) {
				{
				this.state = 68;
				this.fromClause();
				}
			}

			this.state = 72;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			if (_la === IotSqlParser.WHERE) {
				{
				this.state = 71;
				this.whereClause();
				}
			}

			this.state = 74;
			this.match(IotSqlParser.EOF);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public expression(): ExpressionContext {
		let _localctx: ExpressionContext = new ExpressionContext(this._ctx, this.state);
		this.enterRule(_localctx, 2, IotSqlParser.RULE_expression);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 76;
			this.argument();
			this.state = 77;
			this.match(IotSqlParser.EOF);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public setClause(): SetClauseContext {
		let _localctx: SetClauseContext = new SetClauseContext(this._ctx, this.state);
		this.enterRule(_localctx, 4, IotSqlParser.RULE_setClause);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 79;
			this.match(IotSqlParser.SET);
			this.state = 80;
			this.assignment();
			this.state = 85;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.COMMA) {
				{
				{
				this.state = 81;
				this.match(IotSqlParser.COMMA);
				this.state = 82;
				this.assignment();
				}
				}
				this.state = 87;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public assignment(): AssignmentContext {
		let _localctx: AssignmentContext = new AssignmentContext(this._ctx, this.state);
		this.enterRule(_localctx, 6, IotSqlParser.RULE_assignment);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 88;
			this.match(IotSqlParser.VARIABLE);
			this.state = 89;
			this.match(IotSqlParser.EQ);
			this.state = 92;
			this._errHandler.sync(this);
			switch (this._input.LA(1)) {
			case IotSqlParser.SELECT:
				{
				this.state = 90;
				this.nestedSelect();
				}
				break;
			case IotSqlParser.SET:
			case IotSqlParser.VALUE:
			case IotSqlParser.NOT:
			case IotSqlParser.EXISTS:
			case IotSqlParser.CASE:
			case IotSqlParser.WHEN:
			case IotSqlParser.THEN:
			case IotSqlParser.ELSE:
			case IotSqlParser.END:
			case IotSqlParser.CAST:
			case IotSqlParser.TRUE:
			case IotSqlParser.FALSE:
			case IotSqlParser.NULL:
			case IotSqlParser.LPAREN:
			case IotSqlParser.LBRACKET:
			case IotSqlParser.LBRACE:
			case IotSqlParser.STAR:
			case IotSqlParser.MINUS:
			case IotSqlParser.NUMBER:
			case IotSqlParser.SINGLE_QUOTED:
			case IotSqlParser.DOUBLE_QUOTED:
			case IotSqlParser.VARIABLE:
			case IotSqlParser.NAME:
				{
				this.state = 91;
				this.disjunction();
				}
				break;
			default:
				throw new NoViableAltException(this);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public selectClause(): SelectClauseContext {
		let _localctx: SelectClauseContext = new SelectClauseContext(this._ctx, this.state);
		this.enterRule(_localctx, 8, IotSqlParser.RULE_selectClause);
		let _la: number;
		try {
			this.state = 106;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 6, this._ctx) ) {
			case 1:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 94;
				this.match(IotSqlParser.SELECT);
				this.state = 95;
				this.match(IotSqlParser.VALUE);
				this.state = 96;
				this.argument();
				}
				break;

			case 2:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 97;
				this.match(IotSqlParser.SELECT);
				this.state = 98;
				this.selectItem();
				this.state = 103;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				while (_la === IotSqlParser.COMMA) {
					{
					{
					this.state = 99;
					this.match(IotSqlParser.COMMA);
					this.state = 100;
					this.selectItem();
					}
					}
					this.state = 105;
					this._errHandler.sync(this);
					_la = this._input.LA(1);
				}
				}
				break;
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public selectItem(): SelectItemContext {
		let _localctx: SelectItemContext = new SelectItemContext(this._ctx, this.state);
		this.enterRule(_localctx, 10, IotSqlParser.RULE_selectItem);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 110;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 7, this._ctx) ) {
			case 1:
				{
				this.state = 108;
				this.wholePayload();
				}
				break;

			case 2:
				{
				this.state = 109;
				this.disjunction();
				}
				break;
			}
			this.state = 114;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			if (_la === IotSqlParser.AS) {
				{
				this.state = 112;
				this.match(IotSqlParser.AS);
				this.state = 113;
				this.alias();
				}
			}

			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public alias(): AliasContext {
		let _localctx: AliasContext = new AliasContext(this._ctx, this.state);
		this.enterRule(_localctx, 12, IotSqlParser.RULE_alias);
		let _la: number;
		try {
			this.state = 126;
			this._errHandler.sync(this);
			switch (this._input.LA(1)) {
			case IotSqlParser.SET:
			case IotSqlParser.SELECT:
			case IotSqlParser.VALUE:
			case IotSqlParser.AS:
			case IotSqlParser.AND:
			case IotSqlParser.OR:
			case IotSqlParser.NOT:
			case IotSqlParser.IN:
			case IotSqlParser.EXISTS:
			case IotSqlParser.CASE:
			case IotSqlParser.WHEN:
			case IotSqlParser.THEN:
			case IotSqlParser.ELSE:
			case IotSqlParser.END:
			case IotSqlParser.CAST:
			case IotSqlParser.TRUE:
			case IotSqlParser.FALSE:
			case IotSqlParser.NULL:
			case IotSqlParser.NAME:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 116;
				this.aliasName();
				this.state = 121;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				while (_la === IotSqlParser.DOT) {
					{
					{
					this.state = 117;
					this.match(IotSqlParser.DOT);
					this.state = 118;
					this.fieldName();
					}
					}
					this.state = 123;
					this._errHandler.sync(this);
					_la = this._input.LA(1);
				}
				}
				break;
			case IotSqlParser.SINGLE_QUOTED:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 124;
				this.match(IotSqlParser.SINGLE_QUOTED);
				}
				break;
			case IotSqlParser.DOUBLE_QUOTED:
				this.enterOuterAlt(_localctx, 3);
				{
				this.state = 125;
				this.match(IotSqlParser.DOUBLE_QUOTED);
				}
				break;
			default:
				throw new NoViableAltException(this);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public fromClause(): FromClauseContext {
		let _localctx: FromClauseContext = new FromClauseContext(this._ctx, this.state);
		this.enterRule(_localctx, 14, IotSqlParser.RULE_fromClause);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 128;
			this.match(IotSqlParser.FROM);
			this.state = 129;
			this.topicFilter();
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public topicFilter(): TopicFilterContext {
		let _localctx: TopicFilterContext = new TopicFilterContext(this._ctx, this.state);
		this.enterRule(_localctx, 16, IotSqlParser.RULE_topicFilter);
		try {
			this.state = 134;
			this._errHandler.sync(this);
			switch (this._input.LA(1)) {
			case IotSqlParser.SINGLE_QUOTED:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 131;
				this.match(IotSqlParser.SINGLE_QUOTED);
				}
				break;
			case IotSqlParser.DOUBLE_QUOTED:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 132;
				this.match(IotSqlParser.DOUBLE_QUOTED);
				}
				break;
			case IotSqlParser.SET:
			case IotSqlParser.SELECT:
			case IotSqlParser.VALUE:
			case IotSqlParser.FROM:
			case IotSqlParser.AS:
			case IotSqlParser.AND:
			case IotSqlParser.OR:
			case IotSqlParser.NOT:
			case IotSqlParser.IN:
			case IotSqlParser.EXISTS:
			case IotSqlParser.CASE:
			case IotSqlParser.WHEN:
			case IotSqlParser.THEN:
			case IotSqlParser.ELSE:
			case IotSqlParser.END:
			case IotSqlParser.CAST:
			case IotSqlParser.TRUE:
			case IotSqlParser.FALSE:
			case IotSqlParser.NULL:
			case IotSqlParser.DOT:
			case IotSqlParser.COLON:
			case IotSqlParser.STAR:
			case IotSqlParser.SLASH:
			case IotSqlParser.PLUS:
			case IotSqlParser.MINUS:
			case IotSqlParser.HASH:
			case IotSqlParser.DOLLAR:
			case IotSqlParser.NUMBER:
			case IotSqlParser.NAME:
				this.enterOuterAlt(_localctx, 3);
				{
				this.state = 133;
				this.unquotedTopic();
				}
				break;
			default:
				throw new NoViableAltException(this);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public unquotedTopic(): UnquotedTopicContext {
		let _localctx: UnquotedTopicContext = new UnquotedTopicContext(this._ctx, this.state);
		this.enterRule(_localctx, 18, IotSqlParser.RULE_unquotedTopic);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 145;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			do {
				{
				this.state = 145;
				this._errHandler.sync(this);
				switch (this._input.LA(1)) {
				case IotSqlParser.SET:
				case IotSqlParser.SELECT:
				case IotSqlParser.VALUE:
				case IotSqlParser.FROM:
				case IotSqlParser.AS:
				case IotSqlParser.AND:
				case IotSqlParser.OR:
				case IotSqlParser.NOT:
				case IotSqlParser.IN:
				case IotSqlParser.EXISTS:
				case IotSqlParser.CASE:
				case IotSqlParser.WHEN:
				case IotSqlParser.THEN:
				case IotSqlParser.ELSE:
				case IotSqlParser.END:
				case IotSqlParser.CAST:
				case IotSqlParser.TRUE:
				case IotSqlParser.FALSE:
				case IotSqlParser.NULL:
				case IotSqlParser.NUMBER:
				case IotSqlParser.NAME:
					{
					this.state = 136;
					this.topicWord();
					}
					break;
				case IotSqlParser.SLASH:
					{
					this.state = 137;
					this.match(IotSqlParser.SLASH);
					}
					break;
				case IotSqlParser.PLUS:
					{
					this.state = 138;
					this.match(IotSqlParser.PLUS);
					}
					break;
				case IotSqlParser.HASH:
					{
					this.state = 139;
					this.match(IotSqlParser.HASH);
					}
					break;
				case IotSqlParser.DOLLAR:
					{
					this.state = 140;
					this.match(IotSqlParser.DOLLAR);
					}
					break;
				case IotSqlParser.MINUS:
					{
					this.state = 141;
					this.match(IotSqlParser.MINUS);
					}
					break;
				case IotSqlParser.DOT:
					{
					this.state = 142;
					this.match(IotSqlParser.DOT);
					}
					break;
				case IotSqlParser.COLON:
					{
					this.state = 143;
					this.match(IotSqlParser.COLON);
					}
					break;
				case IotSqlParser.STAR:
					{
					this.state = 144;
					this.match(IotSqlParser.STAR);
					}
					break;
				default:
					throw new NoViableAltException(this);
				}
				}
				this.state = 147;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			} while ((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.SET) | (1 << IotSqlParser.SELECT) | (1 << IotSqlParser.VALUE) | (1 << IotSqlParser.FROM) | (1 << IotSqlParser.AS) | (1 << IotSqlParser.AND) | (1 << IotSqlParser.OR) | (1 << IotSqlParser.NOT) | (1 << IotSqlParser.IN) | (1 << IotSqlParser.EXISTS) | (1 << IotSqlParser.CASE) | (1 << IotSqlParser.WHEN) | (1 << IotSqlParser.THEN) | (1 << IotSqlParser.ELSE) | (1 << IotSqlParser.END) | (1 << IotSqlParser.CAST) | (1 << IotSqlParser.TRUE) | (1 << IotSqlParser.FALSE) | (1 << IotSqlParser.NULL) | (1 << IotSqlParser.DOT) | (1 << IotSqlParser.COLON) | (1 << IotSqlParser.STAR) | (1 << IotSqlParser.SLASH))) !== 0) || ((((_la - 33)) & ~0x1F) === 0 && ((1 << (_la - 33)) & ((1 << (IotSqlParser.PLUS - 33)) | (1 << (IotSqlParser.MINUS - 33)) | (1 << (IotSqlParser.HASH - 33)) | (1 << (IotSqlParser.DOLLAR - 33)) | (1 << (IotSqlParser.NUMBER - 33)) | (1 << (IotSqlParser.NAME - 33)))) !== 0));
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public topicWord(): TopicWordContext {
		let _localctx: TopicWordContext = new TopicWordContext(this._ctx, this.state);
		this.enterRule(_localctx, 20, IotSqlParser.RULE_topicWord);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 149;
			_la = this._input.LA(1);
			if (!((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.SET) | (1 << IotSqlParser.SELECT) | (1 << IotSqlParser.VALUE) | (1 << IotSqlParser.FROM) | (1 << IotSqlParser.AS) | (1 << IotSqlParser.AND) | (1 << IotSqlParser.OR) | (1 << IotSqlParser.NOT) | (1 << IotSqlParser.IN) | (1 << IotSqlParser.EXISTS) | (1 << IotSqlParser.CASE) | (1 << IotSqlParser.WHEN) | (1 << IotSqlParser.THEN) | (1 << IotSqlParser.ELSE) | (1 << IotSqlParser.END) | (1 << IotSqlParser.CAST) | (1 << IotSqlParser.TRUE) | (1 << IotSqlParser.FALSE) | (1 << IotSqlParser.NULL))) !== 0) || _la === IotSqlParser.NUMBER || _la === IotSqlParser.NAME)) {
			this._errHandler.recoverInline(this);
			} else {
				if (this._input.LA(1) === Token.EOF) {
					this.matchedEOF = true;
				}

				this._errHandler.reportMatch(this);
				this.consume();
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public whereClause(): WhereClauseContext {
		let _localctx: WhereClauseContext = new WhereClauseContext(this._ctx, this.state);
		this.enterRule(_localctx, 22, IotSqlParser.RULE_whereClause);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 151;
			this.match(IotSqlParser.WHERE);
			this.state = 152;
			this.disjunction();
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public nestedSelect(): NestedSelectContext {
		let _localctx: NestedSelectContext = new NestedSelectContext(this._ctx, this.state);
		this.enterRule(_localctx, 24, IotSqlParser.RULE_nestedSelect);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 154;
			this.selectClause();
			this.state = 155;
			this.match(IotSqlParser.FROM);
			this.state = 156;
			this.nestedSource();
			this.state = 159;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			if (_la === IotSqlParser.AS) {
				{
				this.state = 157;
				this.match(IotSqlParser.AS);
				this.state = 158;
				this.aliasName();
				}
			}

			this.state = 163;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 15, this._ctx) ) {
			case 1:
				{
				this.state = 161;
				this.match(IotSqlParser.WHERE);
				this.state = 162;
				this.disjunction();
				}
				break;
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public nestedSource(): NestedSourceContext {
		let _localctx: NestedSourceContext = new NestedSourceContext(this._ctx, this.state);
		this.enterRule(_localctx, 26, IotSqlParser.RULE_nestedSource);
		try {
			this.state = 167;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 16, this._ctx) ) {
			case 1:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 165;
				this.wholePayload();
				}
				break;

			case 2:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 166;
				this.postfix();
				}
				break;
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public disjunction(): DisjunctionContext {
		let _localctx: DisjunctionContext = new DisjunctionContext(this._ctx, this.state);
		this.enterRule(_localctx, 28, IotSqlParser.RULE_disjunction);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 169;
			this.conjunction();
			this.state = 174;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.OR) {
				{
				{
				this.state = 170;
				this.match(IotSqlParser.OR);
				this.state = 171;
				this.conjunction();
				}
				}
				this.state = 176;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public conjunction(): ConjunctionContext {
		let _localctx: ConjunctionContext = new ConjunctionContext(this._ctx, this.state);
		this.enterRule(_localctx, 30, IotSqlParser.RULE_conjunction);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 177;
			this.negation();
			this.state = 182;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.AND) {
				{
				{
				this.state = 178;
				this.match(IotSqlParser.AND);
				this.state = 179;
				this.negation();
				}
				}
				this.state = 184;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public negation(): NegationContext {
		let _localctx: NegationContext = new NegationContext(this._ctx, this.state);
		this.enterRule(_localctx, 32, IotSqlParser.RULE_negation);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 188;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.NOT) {
				{
				{
				this.state = 185;
				this.match(IotSqlParser.NOT);
				}
				}
				this.state = 190;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			this.state = 191;
			this.comparison();
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public comparison(): ComparisonContext {
		let _localctx: ComparisonContext = new ComparisonContext(this._ctx, this.state);
		this.enterRule(_localctx, 34, IotSqlParser.RULE_comparison);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 193;
			this.additive();
			this.state = 198;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (((((_la - 10)) & ~0x1F) === 0 && ((1 << (_la - 10)) & ((1 << (IotSqlParser.IN - 10)) | (1 << (IotSqlParser.LE - 10)) | (1 << (IotSqlParser.GE - 10)) | (1 << (IotSqlParser.NE - 10)) | (1 << (IotSqlParser.LT - 10)) | (1 << (IotSqlParser.GT - 10)) | (1 << (IotSqlParser.EQ - 10)))) !== 0)) {
				{
				{
				this.state = 194;
				_la = this._input.LA(1);
				if (!(((((_la - 10)) & ~0x1F) === 0 && ((1 << (_la - 10)) & ((1 << (IotSqlParser.IN - 10)) | (1 << (IotSqlParser.LE - 10)) | (1 << (IotSqlParser.GE - 10)) | (1 << (IotSqlParser.NE - 10)) | (1 << (IotSqlParser.LT - 10)) | (1 << (IotSqlParser.GT - 10)) | (1 << (IotSqlParser.EQ - 10)))) !== 0))) {
				this._errHandler.recoverInline(this);
				} else {
					if (this._input.LA(1) === Token.EOF) {
						this.matchedEOF = true;
					}

					this._errHandler.reportMatch(this);
					this.consume();
				}
				this.state = 195;
				this.additive();
				}
				}
				this.state = 200;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public additive(): AdditiveContext {
		let _localctx: AdditiveContext = new AdditiveContext(this._ctx, this.state);
		this.enterRule(_localctx, 36, IotSqlParser.RULE_additive);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 201;
			this.multiplicative();
			this.state = 206;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.PLUS || _la === IotSqlParser.MINUS) {
				{
				{
				this.state = 202;
				_la = this._input.LA(1);
				if (!(_la === IotSqlParser.PLUS || _la === IotSqlParser.MINUS)) {
				this._errHandler.recoverInline(this);
				} else {
					if (this._input.LA(1) === Token.EOF) {
						this.matchedEOF = true;
					}

					this._errHandler.reportMatch(this);
					this.consume();
				}
				this.state = 203;
				this.multiplicative();
				}
				}
				this.state = 208;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public multiplicative(): MultiplicativeContext {
		let _localctx: MultiplicativeContext = new MultiplicativeContext(this._ctx, this.state);
		this.enterRule(_localctx, 38, IotSqlParser.RULE_multiplicative);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 209;
			this.signed();
			this.state = 214;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (((((_la - 30)) & ~0x1F) === 0 && ((1 << (_la - 30)) & ((1 << (IotSqlParser.STAR - 30)) | (1 << (IotSqlParser.SLASH - 30)) | (1 << (IotSqlParser.PERCENT - 30)))) !== 0)) {
				{
				{
				this.state = 210;
				_la = this._input.LA(1);
				if (!(((((_la - 30)) & ~0x1F) === 0 && ((1 << (_la - 30)) & ((1 << (IotSqlParser.STAR - 30)) | (1 << (IotSqlParser.SLASH - 30)) | (1 << (IotSqlParser.PERCENT - 30)))) !== 0))) {
				this._errHandler.recoverInline(this);
				} else {
					if (this._input.LA(1) === Token.EOF) {
						this.matchedEOF = true;
					}

					this._errHandler.reportMatch(this);
					this.consume();
				}
				this.state = 211;
				this.signed();
				}
				}
				this.state = 216;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public signed(): SignedContext {
		let _localctx: SignedContext = new SignedContext(this._ctx, this.state);
		this.enterRule(_localctx, 40, IotSqlParser.RULE_signed);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 220;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.MINUS) {
				{
				{
				this.state = 217;
				this.match(IotSqlParser.MINUS);
				}
				}
				this.state = 222;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			this.state = 223;
			this.postfix();
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public postfix(): PostfixContext {
		let _localctx: PostfixContext = new PostfixContext(this._ctx, this.state);
		this.enterRule(_localctx, 42, IotSqlParser.RULE_postfix);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 225;
			this.primary();
			this.state = 233;
			this._errHandler.sync(this);
			_la = this._input.LA(1);
			while (_la === IotSqlParser.DOT) {
				{
				{
				this.state = 226;
				this.match(IotSqlParser.DOT);
				this.state = 229;
				this._errHandler.sync(this);
				switch (this._input.LA(1)) {
				case IotSqlParser.SET:
				case IotSqlParser.SELECT:
				case IotSqlParser.VALUE:
				case IotSqlParser.FROM:
				case IotSqlParser.WHERE:
				case IotSqlParser.AS:
				case IotSqlParser.AND:
				case IotSqlParser.OR:
				case IotSqlParser.NOT:
				case IotSqlParser.IN:
				case IotSqlParser.EXISTS:
				case IotSqlParser.CASE:
				case IotSqlParser.WHEN:
				case IotSqlParser.THEN:
				case IotSqlParser.ELSE:
				case IotSqlParser.END:
				case IotSqlParser.CAST:
				case IotSqlParser.TRUE:
				case IotSqlParser.FALSE:
				case IotSqlParser.NULL:
				case IotSqlParser.NAME:
					{
					this.state = 227;
					this.fieldName();
					}
					break;
				case IotSqlParser.STAR:
					{
					this.state = 228;
					this.match(IotSqlParser.STAR);
					}
					break;
				default:
					throw new NoViableAltException(this);
				}
				}
				}
				this.state = 235;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public primary(): PrimaryContext {
		let _localctx: PrimaryContext = new PrimaryContext(this._ctx, this.state);
		this.enterRule(_localctx, 44, IotSqlParser.RULE_primary);
		let _la: number;
		try {
			this.state = 314;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 34, this._ctx) ) {
			case 1:
				_localctx = new GroupContext(_localctx);
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 236;
				this.match(IotSqlParser.LPAREN);
				this.state = 237;
				this.disjunction();
				this.state = 238;
				this.match(IotSqlParser.RPAREN);
				}
				break;

			case 2:
				_localctx = new SubselectContext(_localctx);
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 240;
				this.match(IotSqlParser.LPAREN);
				this.state = 241;
				this.nestedSelect();
				this.state = 242;
				this.match(IotSqlParser.RPAREN);
				}
				break;

			case 3:
				_localctx = new ExistsContext(_localctx);
				this.enterOuterAlt(_localctx, 3);
				{
				this.state = 244;
				this.match(IotSqlParser.EXISTS);
				this.state = 245;
				this.match(IotSqlParser.LPAREN);
				this.state = 246;
				this.nestedSelect();
				this.state = 247;
				this.match(IotSqlParser.RPAREN);
				}
				break;

			case 4:
				_localctx = new CaseOfContext(_localctx);
				this.enterOuterAlt(_localctx, 4);
				{
				this.state = 249;
				this.match(IotSqlParser.CASE);
				this.state = 250;
				this.disjunction();
				this.state = 252;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				do {
					{
					{
					this.state = 251;
					this.whenBranch();
					}
					}
					this.state = 254;
					this._errHandler.sync(this);
					_la = this._input.LA(1);
				} while (_la === IotSqlParser.WHEN);
				this.state = 258;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				if (_la === IotSqlParser.ELSE) {
					{
					this.state = 256;
					this.match(IotSqlParser.ELSE);
					this.state = 257;
					this.disjunction();
					}
				}

				this.state = 260;
				this.match(IotSqlParser.END);
				}
				break;

			case 5:
				_localctx = new CastAsContext(_localctx);
				this.enterOuterAlt(_localctx, 5);
				{
				this.state = 262;
				this.match(IotSqlParser.CAST);
				this.state = 263;
				this.match(IotSqlParser.LPAREN);
				this.state = 264;
				this.disjunction();
				this.state = 265;
				this.match(IotSqlParser.AS);
				this.state = 266;
				this.typeName();
				this.state = 267;
				this.match(IotSqlParser.RPAREN);
				}
				break;

			case 6:
				_localctx = new CallContext(_localctx);
				this.enterOuterAlt(_localctx, 6);
				{
				this.state = 269;
				this.match(IotSqlParser.NAME);
				this.state = 270;
				this.match(IotSqlParser.LPAREN);
				this.state = 279;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				if ((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.SET) | (1 << IotSqlParser.SELECT) | (1 << IotSqlParser.VALUE) | (1 << IotSqlParser.NOT) | (1 << IotSqlParser.EXISTS) | (1 << IotSqlParser.CASE) | (1 << IotSqlParser.WHEN) | (1 << IotSqlParser.THEN) | (1 << IotSqlParser.ELSE) | (1 << IotSqlParser.END) | (1 << IotSqlParser.CAST) | (1 << IotSqlParser.TRUE) | (1 << IotSqlParser.FALSE) | (1 << IotSqlParser.NULL) | (1 << IotSqlParser.LPAREN) | (1 << IotSqlParser.LBRACKET) | (1 << IotSqlParser.LBRACE) | (1 << IotSqlParser.STAR))) !== 0) || ((((_la - 34)) & ~0x1F) === 0 && ((1 << (_la - 34)) & ((1 << (IotSqlParser.MINUS - 34)) | (1 << (IotSqlParser.NUMBER - 34)) | (1 << (IotSqlParser.SINGLE_QUOTED - 34)) | (1 << (IotSqlParser.DOUBLE_QUOTED - 34)) | (1 << (IotSqlParser.VARIABLE - 34)) | (1 << (IotSqlParser.NAME - 34)))) !== 0)) {
					{
					this.state = 271;
					this.argument();
					this.state = 276;
					this._errHandler.sync(this);
					_la = this._input.LA(1);
					while (_la === IotSqlParser.COMMA) {
						{
						{
						this.state = 272;
						this.match(IotSqlParser.COMMA);
						this.state = 273;
						this.argument();
						}
						}
						this.state = 278;
						this._errHandler.sync(this);
						_la = this._input.LA(1);
					}
					}
				}

				this.state = 281;
				this.match(IotSqlParser.RPAREN);
				}
				break;

			case 7:
				_localctx = new ArrayLiteralContext(_localctx);
				this.enterOuterAlt(_localctx, 7);
				{
				this.state = 282;
				this.match(IotSqlParser.LBRACKET);
				this.state = 291;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				if ((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.SET) | (1 << IotSqlParser.VALUE) | (1 << IotSqlParser.NOT) | (1 << IotSqlParser.EXISTS) | (1 << IotSqlParser.CASE) | (1 << IotSqlParser.WHEN) | (1 << IotSqlParser.THEN) | (1 << IotSqlParser.ELSE) | (1 << IotSqlParser.END) | (1 << IotSqlParser.CAST) | (1 << IotSqlParser.TRUE) | (1 << IotSqlParser.FALSE) | (1 << IotSqlParser.NULL) | (1 << IotSqlParser.LPAREN) | (1 << IotSqlParser.LBRACKET) | (1 << IotSqlParser.LBRACE) | (1 << IotSqlParser.STAR))) !== 0) || ((((_la - 34)) & ~0x1F) === 0 && ((1 << (_la - 34)) & ((1 << (IotSqlParser.MINUS - 34)) | (1 << (IotSqlParser.NUMBER - 34)) | (1 << (IotSqlParser.SINGLE_QUOTED - 34)) | (1 << (IotSqlParser.DOUBLE_QUOTED - 34)) | (1 << (IotSqlParser.VARIABLE - 34)) | (1 << (IotSqlParser.NAME - 34)))) !== 0)) {
					{
					this.state = 283;
					this.element();
					this.state = 288;
					this._errHandler.sync(this);
					_la = this._input.LA(1);
					while (_la === IotSqlParser.COMMA) {
						{
						{
						this.state = 284;
						this.match(IotSqlParser.COMMA);
						this.state = 285;
						this.element();
						}
						}
						this.state = 290;
						this._errHandler.sync(this);
						_la = this._input.LA(1);
					}
					}
				}

				this.state = 293;
				this.match(IotSqlParser.RBRACKET);
				}
				break;

			case 8:
				_localctx = new ObjectLiteralContext(_localctx);
				this.enterOuterAlt(_localctx, 8);
				{
				this.state = 294;
				this.match(IotSqlParser.LBRACE);
				this.state = 303;
				this._errHandler.sync(this);
				_la = this._input.LA(1);
				if (_la === IotSqlParser.SINGLE_QUOTED || _la === IotSqlParser.DOUBLE_QUOTED) {
					{
					this.state = 295;
					this.objectEntry();
					this.state = 300;
					this._errHandler.sync(this);
					_la = this._input.LA(1);
					while (_la === IotSqlParser.COMMA) {
						{
						{
						this.state = 296;
						this.match(IotSqlParser.COMMA);
						this.state = 297;
						this.objectEntry();
						}
						}
						this.state = 302;
						this._errHandler.sync(this);
						_la = this._input.LA(1);
					}
					}
				}

				this.state = 305;
				this.match(IotSqlParser.RBRACE);
				}
				break;

			case 9:
				_localctx = new NumberLiteralContext(_localctx);
				this.enterOuterAlt(_localctx, 9);
				{
				this.state = 306;
				this.match(IotSqlParser.NUMBER);
				}
				break;

			case 10:
				_localctx = new StringLiteralContext(_localctx);
				this.enterOuterAlt(_localctx, 10);
				{
				this.state = 307;
				_la = this._input.LA(1);
				if (!(_la === IotSqlParser.SINGLE_QUOTED || _la === IotSqlParser.DOUBLE_QUOTED)) {
				this._errHandler.recoverInline(this);
				} else {
					if (this._input.LA(1) === Token.EOF) {
						this.matchedEOF = true;
					}

					this._errHandler.reportMatch(this);
					this.consume();
				}
				}
				break;

			case 11:
				_localctx = new ConstantLiteralContext(_localctx);
				this.enterOuterAlt(_localctx, 11);
				{
				this.state = 308;
				_la = this._input.LA(1);
				if (!((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.TRUE) | (1 << IotSqlParser.FALSE) | (1 << IotSqlParser.NULL))) !== 0))) {
				this._errHandler.recoverInline(this);
				} else {
					if (this._input.LA(1) === Token.EOF) {
						this.matchedEOF = true;
					}

					this._errHandler.reportMatch(this);
					this.consume();
				}
				}
				break;

			case 12:
				_localctx = new VariableContext(_localctx);
				this.enterOuterAlt(_localctx, 12);
				{
				this.state = 309;
				this.match(IotSqlParser.VARIABLE);
				}
				break;

			case 13:
				_localctx = new PayloadMemberContext(_localctx);
				this.enterOuterAlt(_localctx, 13);
				{
				this.state = 310;
				this.match(IotSqlParser.STAR);
				this.state = 311;
				this.match(IotSqlParser.DOT);
				this.state = 312;
				this.fieldName();
				}
				break;

			case 14:
				_localctx = new FieldContext(_localctx);
				this.enterOuterAlt(_localctx, 14);
				{
				this.state = 313;
				this.barePathName();
				}
				break;
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public whenBranch(): WhenBranchContext {
		let _localctx: WhenBranchContext = new WhenBranchContext(this._ctx, this.state);
		this.enterRule(_localctx, 46, IotSqlParser.RULE_whenBranch);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 316;
			this.match(IotSqlParser.WHEN);
			this.state = 317;
			this.disjunction();
			this.state = 318;
			this.match(IotSqlParser.THEN);
			this.state = 319;
			this.disjunction();
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public typeName(): TypeNameContext {
		let _localctx: TypeNameContext = new TypeNameContext(this._ctx, this.state);
		this.enterRule(_localctx, 48, IotSqlParser.RULE_typeName);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 321;
			this.match(IotSqlParser.NAME);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public argument(): ArgumentContext {
		let _localctx: ArgumentContext = new ArgumentContext(this._ctx, this.state);
		this.enterRule(_localctx, 50, IotSqlParser.RULE_argument);
		try {
			this.state = 326;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 35, this._ctx) ) {
			case 1:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 323;
				this.wholePayload();
				}
				break;

			case 2:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 324;
				this.nestedSelect();
				}
				break;

			case 3:
				this.enterOuterAlt(_localctx, 3);
				{
				this.state = 325;
				this.disjunction();
				}
				break;
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public element(): ElementContext {
		let _localctx: ElementContext = new ElementContext(this._ctx, this.state);
		this.enterRule(_localctx, 52, IotSqlParser.RULE_element);
		try {
			this.state = 330;
			this._errHandler.sync(this);
			switch ( this.interpreter.adaptivePredict(this._input, 36, this._ctx) ) {
			case 1:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 328;
				this.wholePayload();
				}
				break;

			case 2:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 329;
				this.disjunction();
				}
				break;
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public objectEntry(): ObjectEntryContext {
		let _localctx: ObjectEntryContext = new ObjectEntryContext(this._ctx, this.state);
		this.enterRule(_localctx, 54, IotSqlParser.RULE_objectEntry);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 332;
			_la = this._input.LA(1);
			if (!(_la === IotSqlParser.SINGLE_QUOTED || _la === IotSqlParser.DOUBLE_QUOTED)) {
			this._errHandler.recoverInline(this);
			} else {
				if (this._input.LA(1) === Token.EOF) {
					this.matchedEOF = true;
				}

				this._errHandler.reportMatch(this);
				this.consume();
			}
			this.state = 333;
			this.match(IotSqlParser.COLON);
			this.state = 334;
			this.element();
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public wholePayload(): WholePayloadContext {
		let _localctx: WholePayloadContext = new WholePayloadContext(this._ctx, this.state);
		this.enterRule(_localctx, 56, IotSqlParser.RULE_wholePayload);
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 336;
			this.match(IotSqlParser.STAR);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public barePathName(): BarePathNameContext {
		let _localctx: BarePathNameContext = new BarePathNameContext(this._ctx, this.state);
		this.enterRule(_localctx, 58, IotSqlParser.RULE_barePathName);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 338;
			_la = this._input.LA(1);
			if (!((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.SET) | (1 << IotSqlParser.VALUE) | (1 << IotSqlParser.EXISTS) | (1 << IotSqlParser.WHEN) | (1 << IotSqlParser.THEN) | (1 << IotSqlParser.ELSE) | (1 << IotSqlParser.END) | (1 << IotSqlParser.CAST))) !== 0) || _la === IotSqlParser.NAME)) {
			this._errHandler.recoverInline(this);
			} else {
				if (this._input.LA(1) === Token.EOF) {
					this.matchedEOF = true;
				}

				this._errHandler.reportMatch(this);
				this.consume();
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public aliasName(): AliasNameContext {
		let _localctx: AliasNameContext = new AliasNameContext(this._ctx, this.state);
		this.enterRule(_localctx, 60, IotSqlParser.RULE_aliasName);
		let _la: number;
		try {
			this.enterOuterAlt(_localctx, 1);
			{
			this.state = 340;
			_la = this._input.LA(1);
			if (!((((_la) & ~0x1F) === 0 && ((1 << _la) & ((1 << IotSqlParser.SET) | (1 << IotSqlParser.SELECT) | (1 << IotSqlParser.VALUE) | (1 << IotSqlParser.AS) | (1 << IotSqlParser.AND) | (1 << IotSqlParser.OR) | (1 << IotSqlParser.NOT) | (1 << IotSqlParser.IN) | (1 << IotSqlParser.EXISTS) | (1 << IotSqlParser.CASE) | (1 << IotSqlParser.WHEN) | (1 << IotSqlParser.THEN) | (1 << IotSqlParser.ELSE) | (1 << IotSqlParser.END) | (1 << IotSqlParser.CAST) | (1 << IotSqlParser.TRUE) | (1 << IotSqlParser.FALSE) | (1 << IotSqlParser.NULL))) !== 0) || _la === IotSqlParser.NAME)) {
			this._errHandler.recoverInline(this);
			} else {
				if (this._input.LA(1) === Token.EOF) {
					this.matchedEOF = true;
				}

				this._errHandler.reportMatch(this);
				this.consume();
			}
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}
	// @RuleVersion(0)
	public fieldName(): FieldNameContext {
		let _localctx: FieldNameContext = new FieldNameContext(this._ctx, this.state);
		this.enterRule(_localctx, 62, IotSqlParser.RULE_fieldName);
		try {
			this.state = 345;
			this._errHandler.sync(this);
			switch (this._input.LA(1)) {
			case IotSqlParser.SET:
			case IotSqlParser.SELECT:
			case IotSqlParser.VALUE:
			case IotSqlParser.AS:
			case IotSqlParser.AND:
			case IotSqlParser.OR:
			case IotSqlParser.NOT:
			case IotSqlParser.IN:
			case IotSqlParser.EXISTS:
			case IotSqlParser.CASE:
			case IotSqlParser.WHEN:
			case IotSqlParser.THEN:
			case IotSqlParser.ELSE:
			case IotSqlParser.END:
			case IotSqlParser.CAST:
			case IotSqlParser.TRUE:
			case IotSqlParser.FALSE:
			case IotSqlParser.NULL:
			case IotSqlParser.NAME:
				this.enterOuterAlt(_localctx, 1);
				{
				this.state = 342;
				this.aliasName();
				}
				break;
			case IotSqlParser.FROM:
				this.enterOuterAlt(_localctx, 2);
				{
				this.state = 343;
				this.match(IotSqlParser.FROM);
				}
				break;
			case IotSqlParser.WHERE:
				this.enterOuterAlt(_localctx, 3);
				{
				this.state = 344;
				this.match(IotSqlParser.WHERE);
				}
				break;
			default:
				throw new NoViableAltException(this);
			}
		}
		catch (re) {
			if (re instanceof RecognitionException) {
				_localctx.exception = re;
				this._errHandler.reportError(this, re);
				this._errHandler.recover(this, re);
			} else {
				throw re;
			}
		}
		finally {
			this.exitRule();
		}
		return _localctx;
	}

	public static readonly _serializedATN: string =
		"\x03\uC91D\uCABA\u058D\uAFBA\u4F53\u0607\uEA8B\uC241\x03=\u015E\x04\x02" +
		"\t\x02\x04\x03\t\x03\x04\x04\t\x04\x04\x05\t\x05\x04\x06\t\x06\x04\x07" +
		"\t\x07\x04\b\t\b\x04\t\t\t\x04\n\t\n\x04\v\t\v\x04\f\t\f\x04\r\t\r\x04" +
		"\x0E\t\x0E\x04\x0F\t\x0F\x04\x10\t\x10\x04\x11\t\x11\x04\x12\t\x12\x04" +
		"\x13\t\x13\x04\x14\t\x14\x04\x15\t\x15\x04\x16\t\x16\x04\x17\t\x17\x04" +
		"\x18\t\x18\x04\x19\t\x19\x04\x1A\t\x1A\x04\x1B\t\x1B\x04\x1C\t\x1C\x04" +
		"\x1D\t\x1D\x04\x1E\t\x1E\x04\x1F\t\x1F\x04 \t \x04!\t!\x03\x02\x05\x02" +
		"D\n\x02\x03\x02\x03\x02\x05\x02H\n\x02\x03\x02\x05\x02K\n\x02\x03\x02" +
		"\x03\x02\x03\x03\x03\x03\x03\x03\x03\x04\x03\x04\x03\x04\x03\x04\x07\x04" +
		"V\n\x04\f\x04\x0E\x04Y\v\x04\x03\x05\x03\x05\x03\x05\x03\x05\x05\x05_" +
		"\n\x05\x03\x06\x03\x06\x03\x06\x03\x06\x03\x06\x03\x06\x03\x06\x07\x06" +
		"h\n\x06\f\x06\x0E\x06k\v\x06\x05\x06m\n\x06\x03\x07\x03\x07\x05\x07q\n" +
		"\x07\x03\x07\x03\x07\x05\x07u\n\x07\x03\b\x03\b\x03\b\x07\bz\n\b\f\b\x0E" +
		"\b}\v\b\x03\b\x03\b\x05\b\x81\n\b\x03\t\x03\t\x03\t\x03\n\x03\n\x03\n" +
		"\x05\n\x89\n\n\x03\v\x03\v\x03\v\x03\v\x03\v\x03\v\x03\v\x03\v\x03\v\x06" +
		"\v\x94\n\v\r\v\x0E\v\x95\x03\f\x03\f\x03\r\x03\r\x03\r\x03\x0E\x03\x0E" +
		"\x03\x0E\x03\x0E\x03\x0E\x05\x0E\xA2\n\x0E\x03\x0E\x03\x0E\x05\x0E\xA6" +
		"\n\x0E\x03\x0F\x03\x0F\x05\x0F\xAA\n\x0F\x03\x10\x03\x10\x03\x10\x07\x10" +
		"\xAF\n\x10\f\x10\x0E\x10\xB2\v\x10\x03\x11\x03\x11\x03\x11\x07\x11\xB7" +
		"\n\x11\f\x11\x0E\x11\xBA\v\x11\x03\x12\x07\x12\xBD\n\x12\f\x12\x0E\x12" +
		"\xC0\v\x12\x03\x12\x03\x12\x03\x13\x03\x13\x03\x13\x07\x13\xC7\n\x13\f" +
		"\x13\x0E\x13\xCA\v\x13\x03\x14\x03\x14\x03\x14\x07\x14\xCF\n\x14\f\x14" +
		"\x0E\x14\xD2\v\x14\x03\x15\x03\x15\x03\x15\x07\x15\xD7\n\x15\f\x15\x0E" +
		"\x15\xDA\v\x15\x03\x16\x07\x16\xDD\n\x16\f\x16\x0E\x16\xE0\v\x16\x03\x16" +
		"\x03\x16\x03\x17\x03\x17\x03\x17\x03\x17\x05\x17\xE8\n\x17\x07\x17\xEA" +
		"\n\x17\f\x17\x0E\x17\xED\v\x17\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18" +
		"\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18" +
		"\x03\x18\x03\x18\x06\x18\xFF\n\x18\r\x18\x0E\x18\u0100\x03\x18\x03\x18" +
		"\x05\x18\u0105\n\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03" +
		"\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x07\x18\u0115" +
		"\n\x18\f\x18\x0E\x18\u0118\v\x18\x05\x18\u011A\n\x18\x03\x18\x03\x18\x03" +
		"\x18\x03\x18\x03\x18\x07\x18\u0121\n\x18\f\x18\x0E\x18\u0124\v\x18\x05" +
		"\x18\u0126\n\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x07\x18\u012D" +
		"\n\x18\f\x18\x0E\x18\u0130\v\x18\x05\x18\u0132\n\x18\x03\x18\x03\x18\x03" +
		"\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x03\x18\x05\x18\u013D\n\x18" +
		"\x03\x19\x03\x19\x03\x19\x03\x19\x03\x19\x03\x1A\x03\x1A\x03\x1B\x03\x1B" +
		"\x03\x1B\x05\x1B\u0149\n\x1B\x03\x1C\x03\x1C\x05\x1C\u014D\n\x1C\x03\x1D" +
		"\x03\x1D\x03\x1D\x03\x1D\x03\x1E\x03\x1E\x03\x1F\x03\x1F\x03 \x03 \x03" +
		"!\x03!\x03!\x05!\u015C\n!\x03!\x02\x02\x02\"\x02\x02\x04\x02\x06\x02\b" +
		"\x02\n\x02\f\x02\x0E\x02\x10\x02\x12\x02\x14\x02\x16\x02\x18\x02\x1A\x02" +
		"\x1C\x02\x1E\x02 \x02\"\x02$\x02&\x02(\x02*\x02,\x02.\x020\x022\x024\x02" +
		"6\x028\x02:\x02<\x02>\x02@\x02\x02\n\x06\x02\x03\x06\b\x16--11\x04\x02" +
		"\f\f%*\x03\x02#$\x03\x02 \"\x03\x02./\x03\x02\x14\x16\x07\x02\x03\x03" +
		"\x05\x05\r\r\x0F\x1311\x05\x02\x03\x05\b\x1611\x02\u017A\x02C\x03\x02" +
		"\x02\x02\x04N\x03\x02\x02\x02\x06Q\x03\x02\x02\x02\bZ\x03\x02\x02\x02" +
		"\nl\x03\x02\x02\x02\fp\x03\x02\x02\x02\x0E\x80\x03\x02\x02\x02\x10\x82" +
		"\x03\x02\x02\x02\x12\x88\x03\x02\x02\x02\x14\x93\x03\x02\x02\x02\x16\x97" +
		"\x03\x02\x02\x02\x18\x99\x03\x02\x02\x02\x1A\x9C\x03\x02\x02\x02\x1C\xA9" +
		"\x03\x02\x02\x02\x1E\xAB\x03\x02\x02\x02 \xB3\x03\x02\x02\x02\"\xBE\x03" +
		"\x02\x02\x02$\xC3\x03\x02\x02\x02&\xCB\x03\x02\x02\x02(\xD3\x03\x02\x02" +
		"\x02*\xDE\x03\x02\x02\x02,\xE3\x03\x02\x02\x02.\u013C\x03\x02\x02\x02" +
		"0\u013E\x03\x02\x02\x022\u0143\x03\x02\x02\x024\u0148\x03\x02\x02\x02" +
		"6\u014C\x03\x02\x02\x028\u014E\x03\x02\x02\x02:\u0152\x03\x02\x02\x02" +
		"<\u0154\x03\x02\x02\x02>\u0156\x03\x02\x02\x02@\u015B\x03\x02\x02\x02" +
		"BD\x05\x06\x04\x02CB\x03\x02\x02\x02CD\x03\x02\x02\x02DE\x03\x02\x02\x02" +
		"EG\x05\n\x06\x02FH\x05\x10\t\x02GF\x03\x02\x02\x02GH\x03\x02\x02\x02H" +
		"J\x03\x02\x02\x02IK\x05\x18\r\x02JI\x03\x02\x02\x02JK\x03\x02\x02\x02" +
		"KL\x03\x02\x02\x02LM\x07\x02\x02\x03M\x03\x03\x02\x02\x02NO\x054\x1B\x02" +
		"OP\x07\x02\x02\x03P\x05\x03\x02\x02\x02QR\x07\x03\x02\x02RW\x05\b\x05" +
		"\x02ST\x07\x1D\x02\x02TV\x05\b\x05\x02US\x03\x02\x02\x02VY\x03\x02\x02" +
		"\x02WU\x03\x02\x02\x02WX\x03\x02\x02\x02X\x07\x03\x02\x02\x02YW\x03\x02" +
		"\x02\x02Z[\x070\x02\x02[^\x07*\x02\x02\\_\x05\x1A\x0E\x02]_\x05\x1E\x10" +
		"\x02^\\\x03\x02\x02\x02^]\x03\x02\x02\x02_\t\x03\x02\x02\x02`a\x07\x04" +
		"\x02\x02ab\x07\x05\x02\x02bm\x054\x1B\x02cd\x07\x04\x02\x02di\x05\f\x07" +
		"\x02ef\x07\x1D\x02\x02fh\x05\f\x07\x02ge\x03\x02\x02\x02hk\x03\x02\x02" +
		"\x02ig\x03\x02\x02\x02ij\x03\x02\x02\x02jm\x03\x02\x02\x02ki\x03\x02\x02" +
		"\x02l`\x03\x02\x02\x02lc\x03\x02\x02\x02m\v\x03\x02\x02\x02nq\x05:\x1E" +
		"\x02oq\x05\x1E\x10\x02pn\x03\x02\x02\x02po\x03\x02\x02\x02qt\x03\x02\x02" +
		"\x02rs\x07\b\x02\x02su\x05\x0E\b\x02tr\x03\x02\x02\x02tu\x03\x02\x02\x02" +
		"u\r\x03\x02\x02\x02v{\x05> \x02wx\x07\x1E\x02\x02xz\x05@!\x02yw\x03\x02" +
		"\x02\x02z}\x03\x02\x02\x02{y\x03\x02\x02\x02{|\x03\x02\x02\x02|\x81\x03" +
		"\x02\x02\x02}{\x03\x02\x02\x02~\x81\x07.\x02\x02\x7F\x81\x07/\x02\x02" +
		"\x80v\x03\x02\x02\x02\x80~\x03\x02\x02\x02\x80\x7F\x03\x02\x02\x02\x81" +
		"\x0F\x03\x02\x02\x02\x82\x83\x07\x06\x02\x02\x83\x84\x05\x12\n\x02\x84" +
		"\x11\x03\x02\x02\x02\x85\x89\x07.\x02\x02\x86\x89\x07/\x02\x02\x87\x89" +
		"\x05\x14\v\x02\x88\x85\x03\x02\x02\x02\x88\x86\x03\x02\x02\x02\x88\x87" +
		"\x03\x02\x02\x02\x89\x13\x03\x02\x02\x02\x8A\x94\x05\x16\f\x02\x8B\x94" +
		"\x07!\x02\x02\x8C\x94\x07#\x02\x02\x8D\x94\x07+\x02\x02\x8E\x94\x07,\x02" +
		"\x02\x8F\x94\x07$\x02\x02\x90\x94\x07\x1E\x02\x02\x91\x94\x07\x1F\x02" +
		"\x02\x92\x94\x07 \x02\x02\x93\x8A\x03\x02\x02\x02\x93\x8B\x03\x02\x02" +
		"\x02\x93\x8C\x03\x02\x02\x02\x93\x8D\x03\x02\x02\x02\x93\x8E\x03\x02\x02" +
		"\x02\x93\x8F\x03\x02\x02\x02\x93\x90\x03\x02\x02\x02\x93\x91\x03\x02\x02" +
		"\x02\x93\x92\x03\x02\x02\x02\x94\x95\x03\x02\x02\x02\x95\x93\x03\x02\x02" +
		"\x02\x95\x96\x03\x02\x02\x02\x96\x15\x03\x02\x02\x02\x97\x98\t\x02\x02" +
		"\x02\x98\x17\x03\x02\x02\x02\x99\x9A\x07\x07\x02\x02\x9A\x9B\x05\x1E\x10" +
		"\x02\x9B\x19\x03\x02\x02\x02\x9C\x9D\x05\n\x06\x02\x9D\x9E\x07\x06\x02" +
		"\x02\x9E\xA1\x05\x1C\x0F\x02\x9F\xA0\x07\b\x02\x02\xA0\xA2\x05> \x02\xA1" +
		"\x9F\x03\x02\x02\x02\xA1\xA2\x03\x02\x02\x02\xA2\xA5\x03\x02\x02\x02\xA3" +
		"\xA4\x07\x07\x02\x02\xA4\xA6\x05\x1E\x10\x02\xA5\xA3\x03\x02\x02\x02\xA5" +
		"\xA6\x03\x02\x02\x02\xA6\x1B\x03\x02\x02\x02\xA7\xAA\x05:\x1E\x02\xA8" +
		"\xAA\x05,\x17\x02\xA9\xA7\x03\x02\x02\x02\xA9\xA8\x03\x02\x02\x02\xAA" +
		"\x1D\x03\x02\x02\x02\xAB\xB0\x05 \x11\x02\xAC\xAD\x07\n\x02\x02\xAD\xAF" +
		"\x05 \x11\x02\xAE\xAC\x03\x02\x02\x02\xAF\xB2\x03\x02\x02\x02\xB0\xAE" +
		"\x03\x02\x02\x02\xB0\xB1\x03\x02\x02\x02\xB1\x1F\x03\x02\x02\x02\xB2\xB0" +
		"\x03\x02\x02\x02\xB3\xB8\x05\"\x12\x02\xB4\xB5\x07\t\x02\x02\xB5\xB7\x05" +
		"\"\x12\x02\xB6\xB4\x03\x02\x02\x02\xB7\xBA\x03\x02\x02\x02\xB8\xB6\x03" +
		"\x02\x02\x02\xB8\xB9\x03\x02\x02\x02\xB9!\x03\x02\x02\x02\xBA\xB8\x03" +
		"\x02\x02\x02\xBB\xBD\x07\v\x02\x02\xBC\xBB\x03\x02\x02\x02\xBD\xC0\x03" +
		"\x02\x02\x02\xBE\xBC\x03\x02\x02\x02\xBE\xBF\x03\x02\x02\x02\xBF\xC1\x03" +
		"\x02\x02\x02\xC0\xBE\x03\x02\x02\x02\xC1\xC2\x05$\x13\x02\xC2#\x03\x02" +
		"\x02\x02\xC3\xC8\x05&\x14\x02\xC4\xC5\t\x03\x02\x02\xC5\xC7\x05&\x14\x02" +
		"\xC6\xC4\x03\x02\x02\x02\xC7\xCA\x03\x02\x02\x02\xC8\xC6\x03\x02\x02\x02" +
		"\xC8\xC9\x03\x02\x02\x02\xC9%\x03\x02\x02\x02\xCA\xC8\x03\x02\x02\x02" +
		"\xCB\xD0\x05(\x15\x02\xCC\xCD\t\x04\x02\x02\xCD\xCF\x05(\x15\x02\xCE\xCC" +
		"\x03\x02\x02\x02\xCF\xD2\x03\x02\x02\x02\xD0\xCE\x03\x02\x02\x02\xD0\xD1" +
		"\x03\x02\x02\x02\xD1\'\x03\x02\x02\x02\xD2\xD0\x03\x02\x02\x02\xD3\xD8" +
		"\x05*\x16\x02\xD4\xD5\t\x05\x02\x02\xD5\xD7\x05*\x16\x02\xD6\xD4\x03\x02" +
		"\x02\x02\xD7\xDA\x03\x02\x02\x02\xD8\xD6\x03\x02\x02\x02\xD8\xD9\x03\x02" +
		"\x02\x02\xD9)\x03\x02\x02\x02\xDA\xD8\x03\x02\x02\x02\xDB\xDD\x07$\x02" +
		"\x02\xDC\xDB\x03\x02\x02\x02\xDD\xE0\x03\x02\x02\x02\xDE\xDC\x03\x02\x02" +
		"\x02\xDE\xDF\x03\x02\x02\x02\xDF\xE1\x03\x02\x02\x02\xE0\xDE\x03\x02\x02" +
		"\x02\xE1\xE2\x05,\x17\x02\xE2+\x03\x02\x02\x02\xE3\xEB\x05.\x18\x02\xE4" +
		"\xE7\x07\x1E\x02\x02\xE5\xE8\x05@!\x02\xE6\xE8\x07 \x02\x02\xE7\xE5\x03" +
		"\x02\x02\x02\xE7\xE6\x03\x02\x02\x02\xE8\xEA\x03\x02\x02\x02\xE9\xE4\x03" +
		"\x02\x02\x02\xEA\xED\x03\x02\x02\x02\xEB\xE9\x03\x02\x02\x02\xEB\xEC\x03" +
		"\x02\x02\x02\xEC-\x03\x02\x02\x02\xED\xEB\x03\x02\x02\x02\xEE\xEF\x07" +
		"\x17\x02\x02\xEF\xF0\x05\x1E\x10\x02\xF0\xF1\x07\x18\x02\x02\xF1\u013D" +
		"\x03\x02\x02\x02\xF2\xF3\x07\x17\x02\x02\xF3\xF4\x05\x1A\x0E\x02\xF4\xF5" +
		"\x07\x18\x02\x02\xF5\u013D\x03\x02\x02\x02\xF6\xF7\x07\r\x02\x02\xF7\xF8" +
		"\x07\x17\x02\x02\xF8\xF9\x05\x1A\x0E\x02\xF9\xFA\x07\x18\x02\x02\xFA\u013D" +
		"\x03\x02\x02\x02\xFB\xFC\x07\x0E\x02\x02\xFC\xFE\x05\x1E\x10\x02\xFD\xFF" +
		"\x050\x19\x02\xFE\xFD\x03\x02\x02\x02\xFF\u0100\x03\x02\x02\x02\u0100" +
		"\xFE\x03\x02\x02\x02\u0100\u0101\x03\x02\x02\x02\u0101\u0104\x03\x02\x02" +
		"\x02\u0102\u0103\x07\x11\x02\x02\u0103\u0105\x05\x1E\x10\x02\u0104\u0102" +
		"\x03\x02\x02\x02\u0104\u0105\x03\x02\x02\x02\u0105\u0106\x03\x02\x02\x02" +
		"\u0106\u0107\x07\x12\x02\x02\u0107\u013D\x03\x02\x02\x02\u0108\u0109\x07" +
		"\x13\x02\x02\u0109\u010A\x07\x17\x02\x02\u010A\u010B\x05\x1E\x10\x02\u010B" +
		"\u010C\x07\b\x02\x02\u010C\u010D\x052\x1A\x02\u010D\u010E\x07\x18\x02" +
		"\x02\u010E\u013D\x03\x02\x02\x02\u010F\u0110\x071\x02\x02\u0110\u0119" +
		"\x07\x17\x02\x02\u0111\u0116\x054\x1B\x02\u0112\u0113\x07\x1D\x02\x02" +
		"\u0113\u0115\x054\x1B\x02\u0114\u0112\x03\x02\x02\x02\u0115\u0118\x03" +
		"\x02\x02\x02\u0116\u0114\x03\x02\x02\x02\u0116\u0117\x03\x02\x02\x02\u0117" +
		"\u011A\x03\x02\x02\x02\u0118\u0116\x03\x02\x02\x02\u0119\u0111\x03\x02" +
		"\x02\x02\u0119\u011A\x03\x02\x02\x02\u011A\u011B\x03\x02\x02\x02\u011B" +
		"\u013D\x07\x18\x02\x02\u011C\u0125\x07\x19\x02\x02\u011D\u0122\x056\x1C" +
		"\x02\u011E\u011F\x07\x1D\x02\x02\u011F\u0121\x056\x1C\x02\u0120\u011E" +
		"\x03\x02\x02\x02\u0121\u0124\x03\x02\x02\x02\u0122\u0120\x03\x02\x02\x02" +
		"\u0122\u0123\x03\x02\x02\x02\u0123\u0126\x03\x02\x02\x02\u0124\u0122\x03" +
		"\x02\x02\x02\u0125\u011D\x03\x02\x02\x02\u0125\u0126\x03\x02\x02\x02\u0126" +
		"\u0127\x03\x02\x02\x02\u0127\u013D\x07\x1A\x02\x02\u0128\u0131\x07\x1B" +
		"\x02\x02\u0129\u012E\x058\x1D\x02\u012A\u012B\x07\x1D\x02\x02\u012B\u012D" +
		"\x058\x1D\x02\u012C\u012A\x03\x02\x02\x02\u012D\u0130\x03\x02\x02\x02" +
		"\u012E\u012C\x03\x02\x02\x02\u012E\u012F\x03\x02\x02\x02\u012F\u0132\x03" +
		"\x02\x02\x02\u0130\u012E\x03\x02\x02\x02\u0131\u0129\x03\x02\x02\x02\u0131" +
		"\u0132\x03\x02\x02\x02\u0132\u0133\x03\x02\x02\x02\u0133\u013D\x07\x1C" +
		"\x02\x02\u0134\u013D\x07-\x02\x02\u0135\u013D\t\x06\x02\x02\u0136\u013D" +
		"\t\x07\x02\x02\u0137\u013D\x070\x02\x02\u0138\u0139\x07 \x02\x02\u0139" +
		"\u013A\x07\x1E\x02\x02\u013A\u013D\x05@!\x02\u013B\u013D\x05<\x1F\x02" +
		"\u013C\xEE\x03\x02\x02\x02\u013C\xF2\x03\x02\x02\x02\u013C\xF6\x03\x02" +
		"\x02\x02\u013C\xFB\x03\x02\x02\x02\u013C\u0108\x03\x02\x02\x02\u013C\u010F" +
		"\x03\x02\x02\x02\u013C\u011C\x03\x02\x02\x02\u013C\u0128\x03\x02\x02\x02" +
		"\u013C\u0134\x03\x02\x02\x02\u013C\u0135\x03\x02\x02\x02\u013C\u0136\x03" +
		"\x02\x02\x02\u013C\u0137\x03\x02\x02\x02\u013C\u0138\x03\x02\x02\x02\u013C" +
		"\u013B\x03\x02\x02\x02\u013D/\x03\x02\x02\x02\u013E\u013F\x07\x0F\x02" +
		"\x02\u013F\u0140\x05\x1E\x10\x02\u0140\u0141\x07\x10\x02\x02\u0141\u0142" +
		"\x05\x1E\x10\x02\u01421\x03\x02\x02\x02\u0143\u0144\x071\x02\x02\u0144" +
		"3\x03\x02\x02\x02\u0145\u0149\x05:\x1E\x02\u0146\u0149\x05\x1A\x0E\x02" +
		"\u0147\u0149\x05\x1E\x10\x02\u0148\u0145\x03\x02\x02\x02\u0148\u0146\x03" +
		"\x02\x02\x02\u0148\u0147\x03\x02\x02\x02\u01495\x03\x02\x02\x02\u014A" +
		"\u014D\x05:\x1E\x02\u014B\u014D\x05\x1E\x10\x02\u014C\u014A\x03\x02\x02" +
		"\x02\u014C\u014B\x03\x02\x02\x02\u014D7\x03\x02\x02\x02\u014E\u014F\t" +
		"\x06\x02\x02\u014F\u0150\x07\x1F\x02\x02\u0150\u0151\x056\x1C\x02\u0151" +
		"9\x03\x02\x02\x02\u0152\u0153\x07 \x02\x02\u0153;\x03\x02\x02\x02\u0154" +
		"\u0155\t\b\x02\x02\u0155=\x03\x02\x02\x02\u0156\u0157\t\t\x02\x02\u0157" +
		"?\x03\x02\x02\x02\u0158\u015C\x05> \x02\u0159\u015C\x07\x06\x02\x02\u015A" +
		"\u015C\x07\x07\x02\x02\u015B\u0158\x03\x02\x02\x02\u015B\u0159\x03\x02" +
		"\x02\x02\u015B\u015A\x03\x02\x02\x02\u015CA\x03\x02\x02\x02(CGJW^ilpt" +
		"{\x80\x88\x93\x95\xA1\xA5\xA9\xB0\xB8\xBE\xC8\xD0\xD8\xDE\xE7\xEB\u0100" +
		"\u0104\u0116\u0119\u0122\u0125\u012E\u0131\u013C\u0148\u014C\u015B";
	public static __ATN: ATN;
	public static get _ATN(): ATN {
		if (!IotSqlParser.__ATN) {
			IotSqlParser.__ATN = new ATNDeserializer().deserialize(Utils.toCharArray(IotSqlParser._serializedATN));
		}

		return IotSqlParser.__ATN;
	}

}

export class StatementContext extends ParserRuleContext {
	public selectClause(): SelectClauseContext {
		return this.getRuleContext(0, SelectClauseContext);
	}
	public EOF(): TerminalNode { return this.getToken(IotSqlParser.EOF, 0); }
	public setClause(): SetClauseContext | undefined {
		return this.tryGetRuleContext(0, SetClauseContext);
	}
	public fromClause(): FromClauseContext | undefined {
		return this.tryGetRuleContext(0, FromClauseContext);
	}
	public whereClause(): WhereClauseContext | undefined {
		return this.tryGetRuleContext(0, WhereClauseContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_statement; }
}


export class ExpressionContext extends ParserRuleContext {
	public argument(): ArgumentContext {
		return this.getRuleContext(0, ArgumentContext);
	}
	public EOF(): TerminalNode { return this.getToken(IotSqlParser.EOF, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_expression; }
}


export class SetClauseContext extends ParserRuleContext {
	public SET(): TerminalNode { return this.getToken(IotSqlParser.SET, 0); }
	public assignment(): AssignmentContext[];
	public assignment(i: number): AssignmentContext;
	public assignment(i?: number): AssignmentContext | AssignmentContext[] {
		if (i === undefined) {
			return this.getRuleContexts(AssignmentContext);
		} else {
			return this.getRuleContext(i, AssignmentContext);
		}
	}
	public COMMA(): TerminalNode[];
	public COMMA(i: number): TerminalNode;
	public COMMA(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.COMMA);
		} else {
			return this.getToken(IotSqlParser.COMMA, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_setClause; }
}


export class AssignmentContext extends ParserRuleContext {
	public VARIABLE(): TerminalNode { return this.getToken(IotSqlParser.VARIABLE, 0); }
	public EQ(): TerminalNode { return this.getToken(IotSqlParser.EQ, 0); }
	public nestedSelect(): NestedSelectContext | undefined {
		return this.tryGetRuleContext(0, NestedSelectContext);
	}
	public disjunction(): DisjunctionContext | undefined {
		return this.tryGetRuleContext(0, DisjunctionContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_assignment; }
}


export class SelectClauseContext extends ParserRuleContext {
	public SELECT(): TerminalNode { return this.getToken(IotSqlParser.SELECT, 0); }
	public VALUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.VALUE, 0); }
	public argument(): ArgumentContext | undefined {
		return this.tryGetRuleContext(0, ArgumentContext);
	}
	public selectItem(): SelectItemContext[];
	public selectItem(i: number): SelectItemContext;
	public selectItem(i?: number): SelectItemContext | SelectItemContext[] {
		if (i === undefined) {
			return this.getRuleContexts(SelectItemContext);
		} else {
			return this.getRuleContext(i, SelectItemContext);
		}
	}
	public COMMA(): TerminalNode[];
	public COMMA(i: number): TerminalNode;
	public COMMA(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.COMMA);
		} else {
			return this.getToken(IotSqlParser.COMMA, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_selectClause; }
}


export class SelectItemContext extends ParserRuleContext {
	public wholePayload(): WholePayloadContext | undefined {
		return this.tryGetRuleContext(0, WholePayloadContext);
	}
	public disjunction(): DisjunctionContext | undefined {
		return this.tryGetRuleContext(0, DisjunctionContext);
	}
	public AS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.AS, 0); }
	public alias(): AliasContext | undefined {
		return this.tryGetRuleContext(0, AliasContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_selectItem; }
}


export class AliasContext extends ParserRuleContext {
	public aliasName(): AliasNameContext | undefined {
		return this.tryGetRuleContext(0, AliasNameContext);
	}
	public DOT(): TerminalNode[];
	public DOT(i: number): TerminalNode;
	public DOT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.DOT);
		} else {
			return this.getToken(IotSqlParser.DOT, i);
		}
	}
	public fieldName(): FieldNameContext[];
	public fieldName(i: number): FieldNameContext;
	public fieldName(i?: number): FieldNameContext | FieldNameContext[] {
		if (i === undefined) {
			return this.getRuleContexts(FieldNameContext);
		} else {
			return this.getRuleContext(i, FieldNameContext);
		}
	}
	public SINGLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SINGLE_QUOTED, 0); }
	public DOUBLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.DOUBLE_QUOTED, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_alias; }
}


export class FromClauseContext extends ParserRuleContext {
	public FROM(): TerminalNode { return this.getToken(IotSqlParser.FROM, 0); }
	public topicFilter(): TopicFilterContext {
		return this.getRuleContext(0, TopicFilterContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_fromClause; }
}


export class TopicFilterContext extends ParserRuleContext {
	public SINGLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SINGLE_QUOTED, 0); }
	public DOUBLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.DOUBLE_QUOTED, 0); }
	public unquotedTopic(): UnquotedTopicContext | undefined {
		return this.tryGetRuleContext(0, UnquotedTopicContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_topicFilter; }
}


export class UnquotedTopicContext extends ParserRuleContext {
	public topicWord(): TopicWordContext[];
	public topicWord(i: number): TopicWordContext;
	public topicWord(i?: number): TopicWordContext | TopicWordContext[] {
		if (i === undefined) {
			return this.getRuleContexts(TopicWordContext);
		} else {
			return this.getRuleContext(i, TopicWordContext);
		}
	}
	public SLASH(): TerminalNode[];
	public SLASH(i: number): TerminalNode;
	public SLASH(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.SLASH);
		} else {
			return this.getToken(IotSqlParser.SLASH, i);
		}
	}
	public PLUS(): TerminalNode[];
	public PLUS(i: number): TerminalNode;
	public PLUS(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.PLUS);
		} else {
			return this.getToken(IotSqlParser.PLUS, i);
		}
	}
	public HASH(): TerminalNode[];
	public HASH(i: number): TerminalNode;
	public HASH(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.HASH);
		} else {
			return this.getToken(IotSqlParser.HASH, i);
		}
	}
	public DOLLAR(): TerminalNode[];
	public DOLLAR(i: number): TerminalNode;
	public DOLLAR(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.DOLLAR);
		} else {
			return this.getToken(IotSqlParser.DOLLAR, i);
		}
	}
	public MINUS(): TerminalNode[];
	public MINUS(i: number): TerminalNode;
	public MINUS(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.MINUS);
		} else {
			return this.getToken(IotSqlParser.MINUS, i);
		}
	}
	public DOT(): TerminalNode[];
	public DOT(i: number): TerminalNode;
	public DOT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.DOT);
		} else {
			return this.getToken(IotSqlParser.DOT, i);
		}
	}
	public COLON(): TerminalNode[];
	public COLON(i: number): TerminalNode;
	public COLON(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.COLON);
		} else {
			return this.getToken(IotSqlParser.COLON, i);
		}
	}
	public STAR(): TerminalNode[];
	public STAR(i: number): TerminalNode;
	public STAR(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.STAR);
		} else {
			return this.getToken(IotSqlParser.STAR, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_unquotedTopic; }
}


export class TopicWordContext extends ParserRuleContext {
	public NAME(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NAME, 0); }
	public NUMBER(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NUMBER, 0); }
	public SET(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SET, 0); }
	public SELECT(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SELECT, 0); }
	public VALUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.VALUE, 0); }
	public FROM(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.FROM, 0); }
	public AS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.AS, 0); }
	public AND(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.AND, 0); }
	public OR(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.OR, 0); }
	public NOT(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NOT, 0); }
	public IN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.IN, 0); }
	public EXISTS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.EXISTS, 0); }
	public CASE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.CASE, 0); }
	public WHEN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.WHEN, 0); }
	public THEN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.THEN, 0); }
	public ELSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.ELSE, 0); }
	public END(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.END, 0); }
	public CAST(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.CAST, 0); }
	public TRUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.TRUE, 0); }
	public FALSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.FALSE, 0); }
	public NULL(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NULL, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_topicWord; }
}


export class WhereClauseContext extends ParserRuleContext {
	public WHERE(): TerminalNode { return this.getToken(IotSqlParser.WHERE, 0); }
	public disjunction(): DisjunctionContext {
		return this.getRuleContext(0, DisjunctionContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_whereClause; }
}


export class NestedSelectContext extends ParserRuleContext {
	public selectClause(): SelectClauseContext {
		return this.getRuleContext(0, SelectClauseContext);
	}
	public FROM(): TerminalNode { return this.getToken(IotSqlParser.FROM, 0); }
	public nestedSource(): NestedSourceContext {
		return this.getRuleContext(0, NestedSourceContext);
	}
	public AS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.AS, 0); }
	public aliasName(): AliasNameContext | undefined {
		return this.tryGetRuleContext(0, AliasNameContext);
	}
	public WHERE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.WHERE, 0); }
	public disjunction(): DisjunctionContext | undefined {
		return this.tryGetRuleContext(0, DisjunctionContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_nestedSelect; }
}


export class NestedSourceContext extends ParserRuleContext {
	public wholePayload(): WholePayloadContext | undefined {
		return this.tryGetRuleContext(0, WholePayloadContext);
	}
	public postfix(): PostfixContext | undefined {
		return this.tryGetRuleContext(0, PostfixContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_nestedSource; }
}


export class DisjunctionContext extends ParserRuleContext {
	public conjunction(): ConjunctionContext[];
	public conjunction(i: number): ConjunctionContext;
	public conjunction(i?: number): ConjunctionContext | ConjunctionContext[] {
		if (i === undefined) {
			return this.getRuleContexts(ConjunctionContext);
		} else {
			return this.getRuleContext(i, ConjunctionContext);
		}
	}
	public OR(): TerminalNode[];
	public OR(i: number): TerminalNode;
	public OR(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.OR);
		} else {
			return this.getToken(IotSqlParser.OR, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_disjunction; }
}


export class ConjunctionContext extends ParserRuleContext {
	public negation(): NegationContext[];
	public negation(i: number): NegationContext;
	public negation(i?: number): NegationContext | NegationContext[] {
		if (i === undefined) {
			return this.getRuleContexts(NegationContext);
		} else {
			return this.getRuleContext(i, NegationContext);
		}
	}
	public AND(): TerminalNode[];
	public AND(i: number): TerminalNode;
	public AND(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.AND);
		} else {
			return this.getToken(IotSqlParser.AND, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_conjunction; }
}


export class NegationContext extends ParserRuleContext {
	public comparison(): ComparisonContext {
		return this.getRuleContext(0, ComparisonContext);
	}
	public NOT(): TerminalNode[];
	public NOT(i: number): TerminalNode;
	public NOT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.NOT);
		} else {
			return this.getToken(IotSqlParser.NOT, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_negation; }
}


export class ComparisonContext extends ParserRuleContext {
	public additive(): AdditiveContext[];
	public additive(i: number): AdditiveContext;
	public additive(i?: number): AdditiveContext | AdditiveContext[] {
		if (i === undefined) {
			return this.getRuleContexts(AdditiveContext);
		} else {
			return this.getRuleContext(i, AdditiveContext);
		}
	}
	public EQ(): TerminalNode[];
	public EQ(i: number): TerminalNode;
	public EQ(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.EQ);
		} else {
			return this.getToken(IotSqlParser.EQ, i);
		}
	}
	public NE(): TerminalNode[];
	public NE(i: number): TerminalNode;
	public NE(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.NE);
		} else {
			return this.getToken(IotSqlParser.NE, i);
		}
	}
	public LT(): TerminalNode[];
	public LT(i: number): TerminalNode;
	public LT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.LT);
		} else {
			return this.getToken(IotSqlParser.LT, i);
		}
	}
	public LE(): TerminalNode[];
	public LE(i: number): TerminalNode;
	public LE(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.LE);
		} else {
			return this.getToken(IotSqlParser.LE, i);
		}
	}
	public GT(): TerminalNode[];
	public GT(i: number): TerminalNode;
	public GT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.GT);
		} else {
			return this.getToken(IotSqlParser.GT, i);
		}
	}
	public GE(): TerminalNode[];
	public GE(i: number): TerminalNode;
	public GE(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.GE);
		} else {
			return this.getToken(IotSqlParser.GE, i);
		}
	}
	public IN(): TerminalNode[];
	public IN(i: number): TerminalNode;
	public IN(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.IN);
		} else {
			return this.getToken(IotSqlParser.IN, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_comparison; }
}


export class AdditiveContext extends ParserRuleContext {
	public multiplicative(): MultiplicativeContext[];
	public multiplicative(i: number): MultiplicativeContext;
	public multiplicative(i?: number): MultiplicativeContext | MultiplicativeContext[] {
		if (i === undefined) {
			return this.getRuleContexts(MultiplicativeContext);
		} else {
			return this.getRuleContext(i, MultiplicativeContext);
		}
	}
	public PLUS(): TerminalNode[];
	public PLUS(i: number): TerminalNode;
	public PLUS(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.PLUS);
		} else {
			return this.getToken(IotSqlParser.PLUS, i);
		}
	}
	public MINUS(): TerminalNode[];
	public MINUS(i: number): TerminalNode;
	public MINUS(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.MINUS);
		} else {
			return this.getToken(IotSqlParser.MINUS, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_additive; }
}


export class MultiplicativeContext extends ParserRuleContext {
	public signed(): SignedContext[];
	public signed(i: number): SignedContext;
	public signed(i?: number): SignedContext | SignedContext[] {
		if (i === undefined) {
			return this.getRuleContexts(SignedContext);
		} else {
			return this.getRuleContext(i, SignedContext);
		}
	}
	public STAR(): TerminalNode[];
	public STAR(i: number): TerminalNode;
	public STAR(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.STAR);
		} else {
			return this.getToken(IotSqlParser.STAR, i);
		}
	}
	public SLASH(): TerminalNode[];
	public SLASH(i: number): TerminalNode;
	public SLASH(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.SLASH);
		} else {
			return this.getToken(IotSqlParser.SLASH, i);
		}
	}
	public PERCENT(): TerminalNode[];
	public PERCENT(i: number): TerminalNode;
	public PERCENT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.PERCENT);
		} else {
			return this.getToken(IotSqlParser.PERCENT, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_multiplicative; }
}


export class SignedContext extends ParserRuleContext {
	public postfix(): PostfixContext {
		return this.getRuleContext(0, PostfixContext);
	}
	public MINUS(): TerminalNode[];
	public MINUS(i: number): TerminalNode;
	public MINUS(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.MINUS);
		} else {
			return this.getToken(IotSqlParser.MINUS, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_signed; }
}


export class PostfixContext extends ParserRuleContext {
	public primary(): PrimaryContext {
		return this.getRuleContext(0, PrimaryContext);
	}
	public DOT(): TerminalNode[];
	public DOT(i: number): TerminalNode;
	public DOT(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.DOT);
		} else {
			return this.getToken(IotSqlParser.DOT, i);
		}
	}
	public fieldName(): FieldNameContext[];
	public fieldName(i: number): FieldNameContext;
	public fieldName(i?: number): FieldNameContext | FieldNameContext[] {
		if (i === undefined) {
			return this.getRuleContexts(FieldNameContext);
		} else {
			return this.getRuleContext(i, FieldNameContext);
		}
	}
	public STAR(): TerminalNode[];
	public STAR(i: number): TerminalNode;
	public STAR(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.STAR);
		} else {
			return this.getToken(IotSqlParser.STAR, i);
		}
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_postfix; }
}


export class PrimaryContext extends ParserRuleContext {
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_primary; }
	public copyFrom(ctx: PrimaryContext): void {
		super.copyFrom(ctx);
	}
}
export class GroupContext extends PrimaryContext {
	public LPAREN(): TerminalNode { return this.getToken(IotSqlParser.LPAREN, 0); }
	public disjunction(): DisjunctionContext {
		return this.getRuleContext(0, DisjunctionContext);
	}
	public RPAREN(): TerminalNode { return this.getToken(IotSqlParser.RPAREN, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class SubselectContext extends PrimaryContext {
	public LPAREN(): TerminalNode { return this.getToken(IotSqlParser.LPAREN, 0); }
	public nestedSelect(): NestedSelectContext {
		return this.getRuleContext(0, NestedSelectContext);
	}
	public RPAREN(): TerminalNode { return this.getToken(IotSqlParser.RPAREN, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class ExistsContext extends PrimaryContext {
	public EXISTS(): TerminalNode { return this.getToken(IotSqlParser.EXISTS, 0); }
	public LPAREN(): TerminalNode { return this.getToken(IotSqlParser.LPAREN, 0); }
	public nestedSelect(): NestedSelectContext {
		return this.getRuleContext(0, NestedSelectContext);
	}
	public RPAREN(): TerminalNode { return this.getToken(IotSqlParser.RPAREN, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class CaseOfContext extends PrimaryContext {
	public CASE(): TerminalNode { return this.getToken(IotSqlParser.CASE, 0); }
	public disjunction(): DisjunctionContext[];
	public disjunction(i: number): DisjunctionContext;
	public disjunction(i?: number): DisjunctionContext | DisjunctionContext[] {
		if (i === undefined) {
			return this.getRuleContexts(DisjunctionContext);
		} else {
			return this.getRuleContext(i, DisjunctionContext);
		}
	}
	public END(): TerminalNode { return this.getToken(IotSqlParser.END, 0); }
	public whenBranch(): WhenBranchContext[];
	public whenBranch(i: number): WhenBranchContext;
	public whenBranch(i?: number): WhenBranchContext | WhenBranchContext[] {
		if (i === undefined) {
			return this.getRuleContexts(WhenBranchContext);
		} else {
			return this.getRuleContext(i, WhenBranchContext);
		}
	}
	public ELSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.ELSE, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class CastAsContext extends PrimaryContext {
	public CAST(): TerminalNode { return this.getToken(IotSqlParser.CAST, 0); }
	public LPAREN(): TerminalNode { return this.getToken(IotSqlParser.LPAREN, 0); }
	public disjunction(): DisjunctionContext {
		return this.getRuleContext(0, DisjunctionContext);
	}
	public AS(): TerminalNode { return this.getToken(IotSqlParser.AS, 0); }
	public typeName(): TypeNameContext {
		return this.getRuleContext(0, TypeNameContext);
	}
	public RPAREN(): TerminalNode { return this.getToken(IotSqlParser.RPAREN, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class CallContext extends PrimaryContext {
	public NAME(): TerminalNode { return this.getToken(IotSqlParser.NAME, 0); }
	public LPAREN(): TerminalNode { return this.getToken(IotSqlParser.LPAREN, 0); }
	public RPAREN(): TerminalNode { return this.getToken(IotSqlParser.RPAREN, 0); }
	public argument(): ArgumentContext[];
	public argument(i: number): ArgumentContext;
	public argument(i?: number): ArgumentContext | ArgumentContext[] {
		if (i === undefined) {
			return this.getRuleContexts(ArgumentContext);
		} else {
			return this.getRuleContext(i, ArgumentContext);
		}
	}
	public COMMA(): TerminalNode[];
	public COMMA(i: number): TerminalNode;
	public COMMA(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.COMMA);
		} else {
			return this.getToken(IotSqlParser.COMMA, i);
		}
	}
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class ArrayLiteralContext extends PrimaryContext {
	public LBRACKET(): TerminalNode { return this.getToken(IotSqlParser.LBRACKET, 0); }
	public RBRACKET(): TerminalNode { return this.getToken(IotSqlParser.RBRACKET, 0); }
	public element(): ElementContext[];
	public element(i: number): ElementContext;
	public element(i?: number): ElementContext | ElementContext[] {
		if (i === undefined) {
			return this.getRuleContexts(ElementContext);
		} else {
			return this.getRuleContext(i, ElementContext);
		}
	}
	public COMMA(): TerminalNode[];
	public COMMA(i: number): TerminalNode;
	public COMMA(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.COMMA);
		} else {
			return this.getToken(IotSqlParser.COMMA, i);
		}
	}
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class ObjectLiteralContext extends PrimaryContext {
	public LBRACE(): TerminalNode { return this.getToken(IotSqlParser.LBRACE, 0); }
	public RBRACE(): TerminalNode { return this.getToken(IotSqlParser.RBRACE, 0); }
	public objectEntry(): ObjectEntryContext[];
	public objectEntry(i: number): ObjectEntryContext;
	public objectEntry(i?: number): ObjectEntryContext | ObjectEntryContext[] {
		if (i === undefined) {
			return this.getRuleContexts(ObjectEntryContext);
		} else {
			return this.getRuleContext(i, ObjectEntryContext);
		}
	}
	public COMMA(): TerminalNode[];
	public COMMA(i: number): TerminalNode;
	public COMMA(i?: number): TerminalNode | TerminalNode[] {
		if (i === undefined) {
			return this.getTokens(IotSqlParser.COMMA);
		} else {
			return this.getToken(IotSqlParser.COMMA, i);
		}
	}
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class NumberLiteralContext extends PrimaryContext {
	public NUMBER(): TerminalNode { return this.getToken(IotSqlParser.NUMBER, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class StringLiteralContext extends PrimaryContext {
	public SINGLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SINGLE_QUOTED, 0); }
	public DOUBLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.DOUBLE_QUOTED, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class ConstantLiteralContext extends PrimaryContext {
	public TRUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.TRUE, 0); }
	public FALSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.FALSE, 0); }
	public NULL(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NULL, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class VariableContext extends PrimaryContext {
	public VARIABLE(): TerminalNode { return this.getToken(IotSqlParser.VARIABLE, 0); }
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class PayloadMemberContext extends PrimaryContext {
	public STAR(): TerminalNode { return this.getToken(IotSqlParser.STAR, 0); }
	public DOT(): TerminalNode { return this.getToken(IotSqlParser.DOT, 0); }
	public fieldName(): FieldNameContext {
		return this.getRuleContext(0, FieldNameContext);
	}
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}
export class FieldContext extends PrimaryContext {
	public barePathName(): BarePathNameContext {
		return this.getRuleContext(0, BarePathNameContext);
	}
	constructor(ctx: PrimaryContext) {
		super(ctx.parent, ctx.invokingState);
		this.copyFrom(ctx);
	}
}


export class WhenBranchContext extends ParserRuleContext {
	public WHEN(): TerminalNode { return this.getToken(IotSqlParser.WHEN, 0); }
	public disjunction(): DisjunctionContext[];
	public disjunction(i: number): DisjunctionContext;
	public disjunction(i?: number): DisjunctionContext | DisjunctionContext[] {
		if (i === undefined) {
			return this.getRuleContexts(DisjunctionContext);
		} else {
			return this.getRuleContext(i, DisjunctionContext);
		}
	}
	public THEN(): TerminalNode { return this.getToken(IotSqlParser.THEN, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_whenBranch; }
}


export class TypeNameContext extends ParserRuleContext {
	public NAME(): TerminalNode { return this.getToken(IotSqlParser.NAME, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_typeName; }
}


export class ArgumentContext extends ParserRuleContext {
	public wholePayload(): WholePayloadContext | undefined {
		return this.tryGetRuleContext(0, WholePayloadContext);
	}
	public nestedSelect(): NestedSelectContext | undefined {
		return this.tryGetRuleContext(0, NestedSelectContext);
	}
	public disjunction(): DisjunctionContext | undefined {
		return this.tryGetRuleContext(0, DisjunctionContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_argument; }
}


export class ElementContext extends ParserRuleContext {
	public wholePayload(): WholePayloadContext | undefined {
		return this.tryGetRuleContext(0, WholePayloadContext);
	}
	public disjunction(): DisjunctionContext | undefined {
		return this.tryGetRuleContext(0, DisjunctionContext);
	}
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_element; }
}


export class ObjectEntryContext extends ParserRuleContext {
	public COLON(): TerminalNode { return this.getToken(IotSqlParser.COLON, 0); }
	public element(): ElementContext {
		return this.getRuleContext(0, ElementContext);
	}
	public SINGLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SINGLE_QUOTED, 0); }
	public DOUBLE_QUOTED(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.DOUBLE_QUOTED, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_objectEntry; }
}


export class WholePayloadContext extends ParserRuleContext {
	public STAR(): TerminalNode { return this.getToken(IotSqlParser.STAR, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_wholePayload; }
}


export class BarePathNameContext extends ParserRuleContext {
	public NAME(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NAME, 0); }
	public SET(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SET, 0); }
	public VALUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.VALUE, 0); }
	public EXISTS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.EXISTS, 0); }
	public CAST(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.CAST, 0); }
	public WHEN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.WHEN, 0); }
	public THEN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.THEN, 0); }
	public ELSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.ELSE, 0); }
	public END(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.END, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_barePathName; }
}


export class AliasNameContext extends ParserRuleContext {
	public NAME(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NAME, 0); }
	public SET(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SET, 0); }
	public SELECT(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.SELECT, 0); }
	public VALUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.VALUE, 0); }
	public AS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.AS, 0); }
	public AND(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.AND, 0); }
	public OR(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.OR, 0); }
	public NOT(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NOT, 0); }
	public IN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.IN, 0); }
	public EXISTS(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.EXISTS, 0); }
	public CASE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.CASE, 0); }
	public WHEN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.WHEN, 0); }
	public THEN(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.THEN, 0); }
	public ELSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.ELSE, 0); }
	public END(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.END, 0); }
	public CAST(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.CAST, 0); }
	public TRUE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.TRUE, 0); }
	public FALSE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.FALSE, 0); }
	public NULL(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.NULL, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_aliasName; }
}


export class FieldNameContext extends ParserRuleContext {
	public aliasName(): AliasNameContext | undefined {
		return this.tryGetRuleContext(0, AliasNameContext);
	}
	public FROM(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.FROM, 0); }
	public WHERE(): TerminalNode | undefined { return this.tryGetToken(IotSqlParser.WHERE, 0); }
	constructor(parent: ParserRuleContext | undefined, invokingState: number) {
		super(parent, invokingState);
	}
	// @Override
	public get ruleIndex(): number { return IotSqlParser.RULE_fieldName; }
}
