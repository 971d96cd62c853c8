/**
 * Statements and expressions of AWS IoT SQL, both language versions.
 * Operator precedence is not stated by the reference; ANSI order, one rule per level. Repetition is a loop wherever
 * it can be, so that only brackets and CASE nest.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
 */
parser grammar IotSqlParser;

options { tokenVocab = IotSqlLexer; }

// ---- entry rules

statement: setClause? selectClause fromClause? whereClause? EOF;

/** The body of a substitution template or of a test on the command line. */
expression: argument EOF;

// ---- clauses

setClause: SET assignment (COMMA assignment)*;

assignment: VARIABLE EQ (nestedSelect | disjunction);

selectClause
    // First, so that `SELECT VALUE -x` is no difference of a field named value.
    : SELECT VALUE argument
    | SELECT selectItem (COMMA selectItem)*
    ;

selectItem: (wholePayload | disjunction) (AS alias)?;

/** `AS a.b` builds nested objects. */
alias: aliasName (DOT fieldName)* | SINGLE_QUOTED | DOUBLE_QUOTED;

fromClause: FROM topicFilter;

topicFilter: SINGLE_QUOTED | DOUBLE_QUOTED | unquotedTopic;

unquotedTopic: (topicWord | SLASH | PLUS | HASH | DOLLAR | MINUS | DOT | COLON | STAR)+;

topicWord
    : NAME | NUMBER | SET | SELECT | VALUE | FROM | AS | AND | OR | NOT | IN | EXISTS
    | CASE | WHEN | THEN | ELSE | END | CAST | TRUE | FALSE | NULL
    ;

whereClause: WHERE disjunction;

/** A query over an attribute; AWS: "Nested object queries". */
nestedSelect: selectClause FROM nestedSource (AS aliasName)? (WHERE disjunction)?;

nestedSource: wholePayload | postfix;

// ---- expressions, loosest binding first

disjunction: conjunction (OR conjunction)*;

conjunction: negation (AND negation)*;

negation: NOT* comparison;

comparison: additive ((EQ | NE | LT | LE | GT | GE | IN) additive)*;

additive: multiplicative ((PLUS | MINUS) multiplicative)*;

multiplicative: signed ((STAR | SLASH | PERCENT) signed)*;

signed: MINUS* postfix;

/** A star at the end stands in an item of a SELECT list alone: `state.reported.*`. */
postfix: primary (DOT (fieldName | STAR))*;

primary
    : LPAREN disjunction RPAREN                                                       # group
    | LPAREN nestedSelect RPAREN                                                      # subselect
    | EXISTS LPAREN nestedSelect RPAREN                                               # exists
    | CASE disjunction whenBranch+ (ELSE disjunction)? END                            # caseOf
    | CAST LPAREN disjunction AS typeName RPAREN                                      # castAs
    | NAME LPAREN (argument (COMMA argument)*)? RPAREN                                # call
    | LBRACKET (element (COMMA element)*)? RBRACKET                                   # arrayLiteral
    | LBRACE (objectEntry (COMMA objectEntry)*)? RBRACE                               # objectLiteral
    | NUMBER                                                                          # numberLiteral
    | (SINGLE_QUOTED | DOUBLE_QUOTED)                                                 # stringLiteral
    | (TRUE | FALSE | NULL)                                                           # constantLiteral
    | VARIABLE                                                                        # variable
    | STAR DOT fieldName                                                              # payloadMember
    | barePathName                                                                    # field
    ;

whenBranch: WHEN disjunction THEN disjunction;

typeName: NAME;

/** A SELECT needs no parentheses of its own inside a function's. */
argument: wholePayload | nestedSelect | disjunction;

element: wholePayload | disjunction;

objectEntry: (SINGLE_QUOTED | DOUBLE_QUOTED) COLON element;

wholePayload: STAR;

/** Keywords that can also begin a path, because no expression begins with them. */
barePathName: NAME | SET | VALUE | EXISTS | CAST | WHEN | THEN | ELSE | END;

/** After AS every word is a name but the two that begin the next clause. */
aliasName
    : NAME | SET | SELECT | VALUE | AS | AND | OR | NOT | IN | EXISTS
    | CASE | WHEN | THEN | ELSE | END | CAST | TRUE | FALSE | NULL
    ;

/** After a dot every word is a name. */
fieldName: aliasName | FROM | WHERE;
