import { equals, isArray, spend } from '../../value/index.ts'
import { type Compiled, folded } from '../compiled.ts'

/**
 * `element IN list`: whether an Array has an element deeply equal to it; types never convert.
 * Undefined when the list is no Array or the element is Undefined.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
 */
export function membership(element: Compiled, list: Compiled): Compiled {
  const [getElement, getList] = [element.evaluate, list.evaluate]
  return folded(
    (scope) => {
      const wanted = getElement(scope)
      if (wanted === undefined) return undefined
      const array = getList(scope)
      if (!isArray(array) || !spend(array.length)) return undefined
      for (const each of array) if (equals(each, wanted)) return true
      return false
    },
    [element, list],
  )
}
