using GreenServe.Cli.Commands.Meters;
using GreenServe.Metering.Characterization;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Cli.Commands.Meters;

public class MetersCommandTests
{
    [Theory]
    [InlineData("meters", "--meters", "nonsense")]
    [InlineData("meters", "--seconds", "0")]
    [InlineData("meters", "serve", "--port", "70000")]
    [InlineData("meters", "serve", "--bind", "somewhere")]
    [InlineData("meters", "characterize", "--out", "x")]
    [InlineData("meters", "characterize", "--load", "x", "--out", "x", "--pairs", "-1")]
    [InlineData("meters", "characterize", "--load", "x", "--out", "x", "--steady-seconds", "0")]
    public async Task WrongUse_ExitsWithBadInput(params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync(arguments);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.NotEqual("", result.Error.Trim());
    }

    [Fact]
    public async Task Meters_SaysThatNothingCanBeRead_WhenNoMeterIsWanted()
    {
        CommandResult result = await CommandRunner.RunAsync("meters", "--meters", "none", "--seconds", "0.1");

        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("\"not measured\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_EndsAfterItsTime_WhereThereIsNoTerminal()
    {
        CommandResult result = await CommandRunner.RunAsync("meters", "--meters", "none", "--watch", "--seconds", "0.1");

        Assert.Equal(ExitCode.Success, result.ExitCode);
    }

    [Theory]
    [InlineData(new double[0], "")]
    [InlineData(new[] { 5.0, 5.0 }, "▁▁")]
    [InlineData(new[] { 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0 }, "▁▂▃▄▅▆▇██")]
    public void Sparkline_RunsFromTheLowestToTheHighest(double[] values, string expected) => Assert.Equal(expected, MetersCommandLive.Sparkline(values));

    [Fact]
    public void Live_GivesACountersPower_AsItsSlope()
    {
        MetersCommandLive live = new([new MeterDescription { Name = "c", Scope = MeterScope.Gpu, Method = "x", IsCounter = true }]);

        live.Add(new PowerSample("c", 1, null, 1000));
        live.Add(new PowerSample("c", 1.5, null, 1200));
        Assert.Null(Assert.Single(live.Rows()).Watts);
        live.Add(new PowerSample("c", 2, null, 1300));
        live.Add(new PowerSample("unknown", 2, 5, null));

        Assert.Equal(300, Assert.Single(live.Rows()).Watts);
    }

    [Fact]
    public void ReportText_SaysMetOrNot_WithTheNumbers()
    {
        EnergyReading reading = new() { Meter = "gpu0.energy", Scope = MeterScope.Gpu, Method = "counter", StartSeconds = 0, EndSeconds = 10, Joules = 6840, EdgeErrorJoules = 4 };
        SteadyLoadResult load = new(
            "gemm", new MeasurementWindow(0, 10, "test"), [reading, reading with { Meter = "gpu0.module_power", Joules = null, EdgeErrorJoules = null, NotMeasured = "not offered" }],
            [new AgreementResult("GPU 0", 6840, 6700, -0.0205)], new Dictionary<string, StepResponse> { ["gpu0.power up"] = new(78, 690, 0.155, 0.56, 0.861) }, 7, 0.5);
        CharacterizationReport report = new(
            DateTimeOffset.UnixEpoch, ["NVIDIA H200"], [], [], new BaselineReading(78, 0.5, "idle"), new BaselineReading(null, null, "loaded-idle not measured: x"), [load],
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
