/**
 * Tokens of AWS IoT SQL. Keywords in any case.
 * The tokens under "slips" are no part of the language: they exist so that the parser can name the remedy.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
 */
lexer grammar IotSqlLexer;

SET: S E T;
SELECT: S E L E C T;
VALUE: V A L U E;
FROM: F R O M;
WHERE: W H E R E;
AS: A S;
AND: A N D;
OR: O R;
NOT: N O T;
IN: I N;
EXISTS: E X I S T S;
CASE: C A S E;
WHEN: W H E N;
THEN: T H E N;
ELSE: E L S E;
END: E N D;
CAST: C A S T;
TRUE: T R U E;
FALSE: F A L S E;
NULL: N U L L;

LPAREN: '(';
RPAREN: ')';
LBRACKET: '[';
RBRACKET: ']';
LBRACE: '{';
RBRACE: '}';
COMMA: ',';
DOT: '.';
COLON: ':';
STAR: '*';
SLASH: '/';
PERCENT: '%';
PLUS: '+';
MINUS: '-';
LE: '<=';
GE: '>=';
NE: '<>';
LT: '<';
GT: '>';
EQ: '=';

/** Only inside a FROM without quotes. */
HASH: '#';
DOLLAR: '$';

NUMBER: DIGIT+ ('.' DIGIT+)? (E [+-]? DIGIT+)?;
/** A backslash escapes the next character; a doubled quote stands for one. */
SINGLE_QUOTED: '\'' ('\\' . | '\'\'' | ~['\\])* '\'';
DOUBLE_QUOTED: '"' ('\\' . | '""' | ~["\\])* '"';
VARIABLE: '@' [A-Za-z0-9_]+;
NAME: [A-Za-z_\u00AA-\u200B\u2020-\uFFFD] [A-Za-z0-9_\u00AA-\u200B\u2020-\uFFFD]*;

WHITESPACE: [ \t\r\n\f\u00A0\uFEFF]+ -> channel(HIDDEN);

// ---- slips
DOUBLE_EQUALS: '==';
BANG_EQUALS: '!=';
DOUBLE_AMPERSAND: '&&';
DOUBLE_PIPE: '||';
LINE_COMMENT: '--';
BLOCK_COMMENT: '/*';
SEMICOLON: ';';
BACKTICK: '`';
TYPOGRAPHIC_QUOTE: [\u2018\u2019\u201C\u201D];
UNCLOSED_STRING: '\'' ('\\' . | '\'\'' | ~['\\])* '\\'? EOF | '"' ('\\' . | '""' | ~["\\])* '\\'? EOF;
/** Whatever is left, so that the lexer never fails. */
OTHER: .;

fragment DIGIT: [0-9];
fragment A: [aA];
fragment C: [cC];
fragment D: [dD];
fragment E: [eE];
fragment F: [fF];
fragment H: [hH];
fragment I: [iI];
fragment L: [lL];
fragment M: [mM];
fragment N: [nN];
fragment O: [oO];
fragment R: [rR];
fragment S: [sS];
fragment T: [tT];
fragment U: [uU];
fragment V: [vV];
fragment W: [wW];
fragment X: [xX];
