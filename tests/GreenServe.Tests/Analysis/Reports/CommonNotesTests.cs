using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Reports;

namespace GreenServe.Tests.Analysis.Reports;

public sealed class CommonNotesTests
{
    private const string Lines = "Lines are simulated, single points are measured.";

    [Fact]
    public void Shortened_KeepsWhatBelongsToTheFigure_AndOfSaysTheRestOnce()
    {
        Figure[] figures =
        [
            With($"Error bars: 3 runs. {Lines} Workload chat; seed 1. TTFT: time to the first token; p50: median over requests."),
            With($"{Lines} Idle: instances without work."),
            With(""),
        ];

        Assert.Equal([Lines], CommonNotes.Of(figures).Sentences);
        Assert.Equal(
            ["Error bars: 3 runs.", "Idle: instances without work.", ""], figures.Select(figure => CommonNotes.Shortened(figure).Note));
    }

    private static Figure With(string note) => new() { Title = "a", Subtitle = "b", Panels = [], Note = note };
}
