using System.Text.Json.Nodes;
using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Analysis.Reports;
using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Analysis.Attribution;

public sealed class PhaseSplitTests : IDisposable
{
    // 100 W floor, 0.05 J a prompt token, 0.4 J a decoded token: three unknowns that the counter's course must give back.
    private const double Floor = 100;
    private const double PromptJoules = 0.05;
    private const double TokenJoules = 0.4;
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Of_FindsWhatPromptsAndTokensCost_FromACounterAndSteps()
    {
        RunRecord record = Record(withMeter: true, stepEnergy: false);

        PhaseEnergySplit split = SplitOf(record);

        Assert.Null(split.NotMeasured);
        Assert.Equal(PromptJoules, split.JoulesPerPrefillToken!.Value.Value, 0.1 * PromptJoules);
        Assert.Equal(TokenJoules, split.JoulesPerDecodeToken!.Value.Value, 0.1 * TokenJoules);
        Assert.InRange(split.RSquared!.Value, 0.95, 1);
        Assert.Contains(
            RunSummary.Of(record), line => line.Name == "energy per decoded token" && line.Note.Contains("R²", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_TakesTheStepsOwnEnergy_WhereTheyCarryIt()
    {
        PhaseEnergySplit split = SplitOf(Record(withMeter: false, stepEnergy: true));

        Assert.Equal(PromptJoules, split.JoulesPerPrefillToken!.Value.Value, 1e-9);
        Assert.Null(split.RSquared);
    }

    [Fact]
    public void Of_SaysWhyNot_WithoutAMeter()
    {
        RunRecord record = Record(withMeter: false, stepEnergy: false);

        Assert.Equal("no meter has the energy of the window", SplitOf(record).NotMeasured);

        // The summary says once that there is no energy, and nothing of its parts.
        SummaryLine energy = Assert.Single(RunSummary.Of(record), line => line.Group == SummaryGroup.Energy);
        Assert.Equal(
            ("energy", "not measured: no meter was read and the engine's steps carry no energy"), (energy.Name, energy.Value));
    }

    public void Dispose() => folder.Dispose();

    private static PhaseEnergySplit SplitOf(RunRecord record)
    {
        MeasurementWindow window = new(1, 61, "test");
        return PhaseSplit.Of(record, window, StepWindow.Of(record, window));
    }

    private RunRecord Record(bool withMeter, bool stepEnergy)
    {
        // Stretches of prompts, of tokens and of both in turn, so that they can be told apart; 0.1 s a step.
        Random random = new(5);
        EngineStep[] steps =
        [
            .. Enumerable.Range(0, 650)
                .Select(index => (
                    Prompt: index / 20 % 3 == 0 ? 0 : random.Next(0, 500),
                    Tokens: index / 20 % 3 == 1 ? 0 : random.Next(0, 60),
                    index))
                .Select(step => new EngineStep(step.index * 0.1, 0.1, step.Prompt, step.Tokens, 100)
                {
                    EnergyJoules = stepEnergy ? (PromptJoules * step.Prompt) + (TokenJoules * step.Tokens) : null,
                    PrefillEnergyJoules = stepEnergy ? PromptJoules * step.Prompt : null,
                }),
        ];
        double[] joulesAfter = new double[steps.Length + 1];
        for (int index = 0; index < steps.Length; index++)
        {
            joulesAfter[index + 1] = joulesAfter[index] + (Floor * 0.1)
                + (PromptJoules * steps[index].PrefillTokens) + (TokenJoules * steps[index].DecodeSequences);
        }

        double JoulesAt(double time)
        {
            double place = Math.Clamp(time / 0.1, 0, steps.Length - 1e-9);
            int step = (int)place;
            return joulesAfter[step] + ((place - step) * (joulesAfter[step + 1] - joulesAfter[step]));
        }

        string path = folder.PathOf("record");
        using (RunRecordWriter writer = RunRecordWriter.Create(path, Manifest(withMeter)))
        {
            foreach (PowerSample sample in withMeter ? SyntheticMeter.ReadCounter(JoulesAt, SyntheticMeter.Every(0.01, 0, 65)) : [])
            {
                writer.Add(sample);
            }

            foreach (EngineStep step in steps)
            {
                writer.Add(step);
            }

            writer.Add(new RequestRecord(0, "MM", 0, 0, 1, 5, 512, 512, 128, 128, RequestStatus.Completed));
            writer.Complete(started => started with { Verdict = RunVerdict.Valid });
        }

        return RunRecord.Read(path);
    }

    private static RunManifest Manifest(bool withMeter) => new()
    {
        WorkloadName = "test",
        Workload = new JsonObject(),
        WorkloadSha256 = "abc",
        Model = "llama-15m",
        Knobs = new Knobs(),
        Backend = BackendKind.Engine,
        Evidence = EvidenceKind.Measured,
        Environment = RunEnvironment.Virtual(),
        Seed = 1,
        Window = new MeasurementWindow(1, 61, "test"),
        Meters = withMeter ? [SyntheticMeter.Counter()] : [],
        Verdict = RunVerdict.Valid,
    };
}
