using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class HostPowerTests : IDisposable
{
    private static readonly MeterScope[] All = [MeterScope.Gpu, MeterScope.CpuPackage, MeterScope.Psys, MeterScope.Node];
    private readonly TemporaryFolder folder = new();

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    [Fact]
    public void WattsOf_IsThatOfTheWidestScope_AndIsAddedToNothing()
    {
        RunMetrics run = RunWith(All, _ => null);

        // Each meter draws 100 W times its place: the node, fourth in the list, 400 W. The joules stay those of the accelerator.
        Assert.Equal((MeterScope.Node, MeterScope.Gpu), (HostPower.ScopeOf(run), run.Energy.Scope));
        Assert.Equal(400, HostPower.WattsOf(run).Value!.Value, tolerance: 1e-9);
        Assert.Equal(100, run.Energy.MeanWatts.Value!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void WattsOf_TakesTheNextScope_WhereTheWidestWasNotMeasured()
    {
        RunMetrics run = RunWith(All, scope => scope == MeterScope.Node ? "no permission" : null);

        Assert.Equal(MeterScope.Psys, HostPower.ScopeOf(run));
        Assert.Equal(300, HostPower.WattsOf(run).Value!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void WattsOf_SaysWhy_WhereNoHostWasMeasured()
    {
        RunMetrics broken = RunWith([MeterScope.Gpu, MeterScope.Node], scope => scope == MeterScope.Node ? "no permission" : null);
        Assert.Equal((null, true), (HostPower.ScopeOf(broken), HostPower.HasMeter(broken)));
        Assert.EndsWith("no permission", HostPower.WattsOf(broken).NotMeasured, StringComparison.Ordinal);

        // Where the processor is what the joules cover, it is no host beside it.
        RunMetrics processor = RunWith([MeterScope.CpuPackage], _ => null);
        Assert.Equal((MeterScope.CpuPackage, false), (processor.Energy.Scope, HostPower.HasMeter(processor)));
    }

    private RunMetrics RunWith(MeterScope[] scopes, Func<MeterScope, string?> notMeasured)
    {
        if (!Directory.Exists(folder.PathOf("record")))
        {
            new SyntheticRun().Write(folder.PathOf("record"));
        }

        MeterDescription[] meters =
        [
            .. scopes.Select(scope => new MeterDescription
            {
                Name = $"meter-{scope}",
                Scope = scope,
                Method = "test",
                NotMeasured = notMeasured(scope),
            }),
        ];
        PowerSample[] samples =
        [
            .. from index in Enumerable.Range(0, 100)
               from meter in meters
               where meter.NotMeasured is null
               select new PowerSample(meter.Name, index * 0.05, 100 * (1 + Array.IndexOf(All, meter.Scope)), null),
        ];
        return RunMetrics.Of(RecordWith(meters, samples));
    }

    private RunRecord RecordWith(MeterDescription[] meters, PowerSample[] samples)
    {
        string path = folder.PathOf("metered");
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        using (RunRecordWriter writer = RunRecordWriter.Create(path, new SyntheticRun().Manifest with { Meters = meters }))
        {
            foreach (RequestRecord request in RunRecord.Read(folder.PathOf("record")).Requests)
            {
                writer.Add(request);
            }

            foreach (PowerSample sample in samples)
            {
                writer.Add(sample);
            }

            writer.Complete(manifest => manifest);
        }

        return RunRecord.Read(path);
    }
}
