/** A simulated device: a topic and a payload that drifts from one message to the next. */
export interface Device {
  readonly topic: string
  next(now: number): string
}

/** A value that wanders between two bounds. */
function walk(random: () => number, low: number, high: number, step: number, digits: number): () => number {
  let value = low + random() * (high - low)
  return () => {
    value = Math.min(high, Math.max(low, value + (random() - 0.5) * step))
    return Number(value.toFixed(digits))
  }
}

function thermometer(id: number, random: () => number): Device {
  const deviceId = `thermo-${String(id).padStart(3, '0')}`
  const temperature = walk(random, 12, 38, 1.5, 2)
  const humidity = walk(random, 30, 80, 2, 1)
  const battery = walk(random, 20, 100, 0.2, 0)
  return {
    topic: `sensors/${deviceId}/temperature`,
    next: (now) =>
      JSON.stringify({
        deviceId,
        temperature: temperature(),
        humidity: humidity(),
        battery: battery(),
        site: id % 2 === 0 ? 'plant-north' : 'plant-south',
        firmware: '4.2.1',
        timestamp: now,
      }),
  }
}

function vehicle(id: number, random: () => number): Device {
  const vehicleId = `truck-${String(id).padStart(3, '0')}`
  const latitude = walk(random, 47.3, 48.3, 0.01, 6)
  const longitude = walk(random, 10.8, 12.1, 0.01, 6)
  const speed = walk(random, 0, 130, 12, 1)
  return {
    topic: `vehicles/${vehicleId}/location`,
    next: (now) =>
      JSON.stringify({
        vehicleId,
        position: { latitude: latitude(), longitude: longitude() },
        speed: speed(),
        events: speed() > 100 ? [{ type: 'speeding', severity: 2 }] : [],
        timestamp: now,
      }),
  }
}

function door(id: number): Device {
  const doorId = `door-${String(id).padStart(3, '0')}`
  const floor = (id % 4) + 1
  let state = 'closed'
  return {
    topic: `doors/${doorId}/state`,
    next: (now) => {
      state = state === 'closed' ? 'open' : 'closed'
      return JSON.stringify({
        doorId,
        floor,
        state,
        badge: `badge-${1000 + ((now >> 3) % 50)}`,
        timestamp: now,
      })
    },
  }
}

/** Makes `count` devices, in turn a thermometer, a vehicle and a door. */
export function makeDevices(count: number, random: () => number): Device[] {
  const kinds = [thermometer, vehicle, door]
  return Array.from({ length: count }, (_, index) =>
    kinds[index % kinds.length]!(Math.floor(index / kinds.length) + 1, random),
  )
}
