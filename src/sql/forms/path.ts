import { isObject, type Value } from '../../value/index.ts'
import { type FieldExpression, type MemberExpression, type VariableExpression } from '../ast.ts'
import { type Compiled, constantOf, dynamic, folded } from '../compiled.ts'
import { type Compiling } from '../context.ts'
import { type Evaluator } from '../scope.ts'

/** A field of the payload; inside nested SELECTs first of their elements, innermost first. */
export function compileField({ name }: FieldExpression, { frames }: Compiling): Compiled {
  const outside: Evaluator = (scope) => scope.payload.get(name)
  const lookup = frames.reduce<Evaluator>((outer, { alias }, depth) => {
    if (alias === name) return (scope) => scope.frames[depth]
    return (scope) => {
      const element = scope.frames[depth]
      return isObject(element) && element.has(name) ? element.get(name) : outer(scope)
    }
  }, outside)
  return dynamic(lookup, 'message')
}

/** `*`: the whole payload, or the element of the innermost nested SELECT. */
export function compilePayload({ frames }: Compiling): Compiled {
  if (frames.length === 0) return dynamic((scope) => scope.payload.root(), 'message')
  const depth = frames.length - 1
  return dynamic((scope) => scope.frames[depth], 'message')
}

export function compileMember({ object, name }: MemberExpression, compiling: Compiling): Compiled {
  // `*.name` outside nested SELECTs needs no root object.
  if (object.kind === 'payload' && compiling.frames.length === 0) {
    return dynamic((scope) => scope.payload.get(name), 'message')
  }
  const compiled = compiling.compile(object)
  const { evaluate } = compiled
  return folded((scope) => memberOf(evaluate(scope), name), [compiled])
}

function memberOf(value: Value, name: string): Value {
  return isObject(value) ? value.get(name) : undefined
}

export function compileVariable(
  { name, span }: VariableExpression,
  { variables, findings }: Compiling,
): Compiled {
  const variable = variables.get(name)
  if (variable === undefined) {
    const known = [...variables.keys()].map((each) => `@${each}`).join(', ')
    const message = `@${name} is not assigned${known === '' ? ': there is no SET.' : ` before; known here: ${known}.`}`
    findings.error('SQL_VARIABLE_UNKNOWN', span, message, `assign it first: SET @${name} = ... SELECT ...`)
    return constantOf(undefined)
  }
  const { slot, effect } = variable
  return dynamic((scope) => scope.variables[slot], effect)
}
