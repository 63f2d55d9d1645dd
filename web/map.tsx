import type { JSX, ReactNode } from 'react'
import { Component, lazy, Suspense, useState } from 'react'
import { useBasemap } from './map/basemap.ts'
import { Sketch } from './map/sketch.tsx'
import type { MapProps } from './map/types.ts'
import { hasWebGl2 } from './map/use.ts'
import './map.css'

export type { MapArc, MapFocus, MapMark, MapProps, MapWords } from './map/types.ts'

const GlCanvas = lazy(async () => ({ default: (await import('./map/gl.tsx')).GlCanvas }))

/** Shows the drawn map when the WebGL one throws or its chunk cannot be loaded. */
class Otherwise extends Component<{ readonly instead: ReactNode; readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }
  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children
  }
}

/**
 * A map of China with marks and arcs; WGS-84 degrees. Fills its parent, which must have a height. WebGL where
 * there is WebGL 2, otherwise drawn as SVG. Up to 200 marks are buttons; more are drawn in clusters, and the
 * list beside the map, which every page has, is the way to reach each of them by keyboard.
 */
export function MapView(props: MapProps): JSX.Element {
  const { words, language } = props
  const basemap = useBasemap()
  const [drawn, setDrawn] = useState(() => !hasWebGl2())
  const sources = basemap?.attribution.map((one) => (language === 'en' ? one.en : one.zh)) ?? []
  return (
    <section className="map" aria-label={words.map}>
      {basemap === undefined ? null : drawn ? (
        <Sketch {...props} basemap={basemap} />
      ) : (
        <Otherwise instead={<Sketch {...props} basemap={basemap} />}>
          <Suspense fallback={null}>
            <GlCanvas {...props} basemap={basemap} onFail={() => setDrawn(true)} />
          </Suspense>
        </Otherwise>
      )}
      <p className="map-credit">
        {[words.attribution, ...sources].filter((part) => part !== '').join(' · ')}
        <span>
          {words.approval} {basemap?.approvalNumber ?? '—'}
        </span>
      </p>
    </section>
  )
}
