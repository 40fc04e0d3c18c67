using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The panels of an artifact; title, subtitle and notes are added by the catalogue.</summary>
/// <param name="Panels">The panels, row by row.</param>
/// <param name="Columns">Panels a row.</param>
/// <param name="PanelHeight">Height of a row in pixels at a width of 800.</param>
/// <param name="Note">What a reader must know beside the error bars; empty for nothing.</param>
public sealed record FigureContent(IReadOnlyList<Panel> Panels, int Columns = 2, int PanelHeight = 230, string Note = "");
