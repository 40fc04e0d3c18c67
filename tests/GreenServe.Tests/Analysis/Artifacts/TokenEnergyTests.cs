using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class TokenEnergyTests
{
    [Fact]
    public void Parts_EndAtTheWhole_WithWhatNothingAccountsForOnTop()
    {
        // A measured run that does not tell prompts from tokens: 0.5 and 0.3 of 2.5 J are known.
        ResultTable table = TableOf(2.5, 0.5, 0.3, null, null);

        Assert.Equal([("idle", 0, 0.5), ("loaded-idle", 0.5, 0.8), ("not split", 0.8, 2.5)], TokenEnergy.Parts(table, 0));
    }

    [Fact]
    public void Parts_AreTheMeasuredOnes_WhereTheyAreTheWhole()
    {
        ResultTable table = TableOf(2, 0.5, 0.25, 0.25, 1);

        Assert.Equal([("idle", 0, 0.5), ("loaded-idle", 0.5, 0.75), ("prefill", 0.75, 1), ("decode", 1, 2)], TokenEnergy.Parts(table, 0));
    }

    [Fact]
    public void Parts_AreNone_WhereTheWholeWasNotMeasured() => Assert.Empty(TokenEnergy.Parts(TableOf(null, null, null, null, null), 0));

    private static ResultTable TableOf(params double?[] values)
    {
        string[] names =
        [
            TokenEnergy.Metric, "idle_joules_per_output_token", "loaded_idle_joules_per_output_token", "prefill_joules_per_output_token",
            "decode_joules_per_output_token",
        ];
        return new ResultTable("test", [.. names.Select(name => new ResultColumn(name, false))], [[.. values.Select(value => (object?)value)]]);
    }
}
