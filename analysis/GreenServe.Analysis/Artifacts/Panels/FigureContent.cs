using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>The panels of an artifact; title, subtitle and the note on error bars are added when its caption is built.</summary>
/// <param name="Panels">The panels, row by row. Those without a point are left out of the figure.</param>
/// <param name="Columns">Panels a row.</param>
/// <param name="PanelHeight">Height of a row in pixels at a width of 800.</param>
/// <param name="Note">What a reader must know beside the error bars; empty for nothing.</param>
internal sealed record FigureContent(IReadOnlyList<Panel> Panels, int Columns = 2, int PanelHeight = 230, string Note = "");
