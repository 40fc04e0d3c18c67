using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class EnergyRegressionTests
{
    [Fact]
    public void Derive_RecoversTheCoefficients_WhenEnergyIsTheirSum()
    {
        IEnumerable<object> rows =
            from input in new[] { 32.0, 256, 2048 }
            from output in new[] { 16.0, 128, 512 }
            select new
            {
                evidence = "simulated",
                system = "8 x GPU",
                model = "model",
                input_tokens = input,
                output_tokens = output,
                joules_per_request = (0.2 * input) + (3 * output) + (0.001 * input * output),
            };
        ResultTable points = SyntheticTable.Grid("energy-regression", [.. rows]);

        ResultTable fit = ArtifactCatalog.Find("energy-regression")!.Derive(points)[0];

        Assert.Equal(0.2, fit.Number(0, "a_joules_per_token")!.Value, 1e-6);
        Assert.Equal(3, fit.Number(0, "b_joules_per_token")!.Value, 1e-6);
        Assert.Equal(0.001, fit.Number(0, "c_joules_per_token_squared")!.Value, 1e-9);
        Assert.Equal(1, fit.Number(0, "r_squared")!.Value, 1e-9);
        Assert.Equal(9, fit.Number(0, "points"));
    }
}
