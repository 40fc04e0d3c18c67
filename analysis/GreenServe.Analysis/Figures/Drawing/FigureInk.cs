namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Colours (<c>#RRGGBB</c>) and sizes (px of the layout) of everything in a figure that is not data.</summary>
internal static class FigureInk
{
    internal const string Text = "#1F2328";
    internal const string Faint = "#57606A";
    internal const string Grid = "#E4E8EC";
    internal const string Frame = "#8C959F";
    internal const float TitleSize = 17;
    internal const float SubtitleSize = 12;
    internal const float PanelTitleSize = 13;
    internal const float LabelSize = 12;
    internal const float TickSize = 11;
    internal const float LineWidth = 1.8f;
    internal const float MarkerSize = 7;
    internal const float Margin = 14;
}
