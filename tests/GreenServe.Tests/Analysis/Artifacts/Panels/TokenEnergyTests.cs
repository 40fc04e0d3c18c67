using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Artifacts.Panels;

public sealed class TokenEnergyTests
{
    [Fact]
    public void Parts_EndAtTheWhole_WithWhatNothingAccountsForOnTop()
    {
        // A measured run that does not tell prompts from tokens: 0.5 and 0.3 of 2.5 J are known.
        TableRow row = RowOf(total: 2.5, idle: 0.5, loaded: 0.3, prefill: null, decode: null);

        Assert.Equal([new("idle", 0, 0.5), new("loaded-idle", 0.5, 0.8), new("not split", 0.8, 2.5)], TokenEnergy.Parts(row));
    }

    [Fact]
    public void Parts_AreTheMeasuredOnes_WhereTheyAreTheWhole()
    {
        TableRow row = RowOf(total: 2, idle: 0.5, loaded: 0.25, prefill: 0.25, decode: 1);

        Assert.Equal(
            [new("idle", 0, 0.5), new("loaded-idle", 0.5, 0.75), new("prefill", 0.75, 1), new("decode", 1, 2)],
            TokenEnergy.Parts(row));
    }

    [Fact]
    public void Parts_AreNone_WhereTheWholeWasNotMeasured() =>
        Assert.Empty(TokenEnergy.Parts(RowOf(total: null, idle: null, loaded: null, prefill: null, decode: null)));

    private static TableRow RowOf(double? total, double? idle, double? loaded, double? prefill, double? decode) => SyntheticTable.Of(
        "test",
        new
        {
            joules_per_output_token = total,
            idle_joules_per_output_token = idle,
            loaded_idle_joules_per_output_token = loaded,
            prefill_joules_per_output_token = prefill,
            decode_joules_per_output_token = decode,
        }).Rows[0];
}
