using GreenServe.Records;
using GreenServe.Simulation.Calibration.Observables;
using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Calibration.Observables;

public sealed class HoldOutTests
{
    [Fact]
    public void Of_HoldsOutAShare_AndKeepsRepetitionsTogether()
    {
        ObservedLoad[] loads = [.. Enumerable.Range(0, 10).SelectMany(point => new[] { Load($"p{point}", 0), Load($"p{point}", 1) })];

        IReadOnlySet<string> heldOut = HoldOut.Default.Of(loads);

        // Three tenths of ten operating points, whatever the order of the records.
        Assert.Equal(3, heldOut.Count);
        Assert.Equal(heldOut, HoldOut.Default.Of([.. loads.Reverse()]));
    }

    [Fact]
    public void Of_HoldsOutNothingByDefault_WhereThereAreFewOperatingPoints()
    {
        ObservedLoad[] loads = [.. Enumerable.Range(0, 7).Select(point => Load($"p{point}", 0))];

        Assert.Empty(HoldOut.Default.Of(loads));

        // Asked for, it is done: 0.3 x 7 = 2.1.
        Assert.Equal(2, HoldOut.Parse(["0.3"]).Of(loads).Count);
        Assert.Equal(7, HoldOut.Folds(loads).Count);
    }

    [Fact]
    public void Of_HoldsOutWhatAPatternNames()
    {
        ObservedLoad[] loads = [Load("load/a", 0), Load("load/b", 0), Load("batch/a", 0)];

        Assert.Equal(["load/a", "load/b"], HoldOut.Parse(["load/*"]).Of(loads).Order(StringComparer.Ordinal));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HoldOut.Parse(["laod/*"]).Of(loads));
        Assert.Equal("laod/*", Assert.Single(exception.Problems).Found);
    }

    [Theory]
    [InlineData("0.95")]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    public void Parse_RefusesAShare_WhenItIsOutOfRange(string text)
    {
        Assert.Throws<InvalidInputException>(() => HoldOut.Parse([text]));
        Assert.Throws<InvalidInputException>(() => HoldOut.Parse(["0.2", "load/*"]));
    }

    private static ObservedLoad Load(string point, int repetition) => new()
    {
        Name = $"{point}_r{repetition}",
        OperatingPoint = point,
        Path = $"runs/{point}_r{repetition}",
        Measured = new MeasuredPoint { Id = point, Source = "test", Split = "calibration", Gpu = "", Model = "" },
        System = TestSystems.H100(),
        Simulate = _ => throw new NotSupportedException(),
        InputTokens = 100,
        OutputTokens = 100,
        Likeness = point,
    };
}
