using GreenServe.Cli.Commands.Meters;
using GreenServe.Metering.Characterization;
using GreenServe.Metering.IdlePower;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Cli.Commands.Meters;

public sealed class MetersCommandReportTextTests
{
    [Fact]
    public void Of_SaysWhetherEachLimitIsMet_WhenThereAreNumbers()
    {
        EnergyReading reading = new()
        {
            Meter = "gpu0.energy",
            Scope = MeterScope.Gpu,
            Method = "counter",
            StartSeconds = 0,
            EndSeconds = 10,
            Joules = 6840,
            EdgeErrorJoules = 4,
        };
        EnergyReading absent = reading with
        {
            Meter = "gpu0.module_power",
            Joules = null,
            EdgeErrorJoules = null,
            NotMeasured = "not offered",
        };
        SteadyLoadResult load = new(
            "gemm",
            new MeasurementWindow(0, 10, "test"),
            [reading, absent],
            [new AgreementResult("GPU 0", 6840, 6700, -0.0205)],
            new Dictionary<string, StepResponse> { ["gpu0.power up"] = new(78, 690, 0.155, 0.56, 0.861) },
            7,
            0.5);
        CharacterizationReport report = new(
            DateTimeOffset.UnixEpoch,
            ["NVIDIA H200"],
            [],
            [],
            new BaselineReading(78, 0.5, "idle"),
            new BaselineReading(null, null, "loaded-idle not measured: x"),
            [load],
            new InterferenceResult("decode", 8, 0.001, 0.0005, 0.012, 100));

        string text = MetersCommandReportText.Of(report);

        Assert.Contains("-2.05 %, limit 2 %: NOT MET", text, StringComparison.Ordinal);
        Assert.Contains("1.20 % of one core, limit 2 %: met", text, StringComparison.Ordinal);
        Assert.Contains("+0.100 % ± 0.050 %, limit 0.5 %: met", text, StringComparison.Ordinal);
        Assert.Contains("idle: 78.00 ± 0.50 W", text, StringComparison.Ordinal);
        Assert.Contains("loaded-idle: not measured", text, StringComparison.Ordinal);
        Assert.Contains("gpu0.module_power: not measured: not offered", text, StringComparison.Ordinal);
        Assert.Contains("10/50/90 % after 155 / 560 / 861 ms", text, StringComparison.Ordinal);
    }
}
