using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Screening;
using GreenServe.Search.Advising.Searching;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Search.Advising.Proof;

/// <summary>Every possible setting of a grid under one workload, simulated once. SLOs are judged from the tails that were kept.</summary>
internal sealed class ExhaustiveTable
{
    private readonly ConcurrentDictionary<(long Number, int Requests), double[]> shorter = [];
    private readonly Dictionary<long, double[]> rows = [];
    private readonly RequestSchedule schedule;

    private ExhaustiveTable(Workload workload, SettingSpace space, int gpuLimit)
    {
        Workload = workload;
        Space = space;
        Trials = new SettingTrials(workload);
        schedule = Trials.ScheduleOf();
        Possible = PossibleSettings.Of(space, Trials, gpuLimit).Numbers;
        Rungs = SettingSearch.RungsOf(Trials);
    }

    internal Workload Workload { get; }

    internal SettingSpace Space { get; }

    internal SettingTrials Trials { get; }

    internal IReadOnlyList<long> Possible { get; }

    internal IReadOnlyList<int> Rungs { get; }

    internal double[] this[long number] => rows[number];

    /// <summary>Simulates every setting, or reads what an earlier run left in a folder.</summary>
    internal static ExhaustiveTable Of(Workload workload, SettingSpace space, int gpuLimit, string? folder)
    {
        ExhaustiveTable table = new(workload, space, gpuLimit);
        int width = 1 + ExhaustiveSink.TailNames.Length;
        string name = FormattableString.Invariant($"{workload.Name}-{workload.Seed}-{table.Possible.Count}.table");
        string path = Path.Combine(folder ?? "", name);
        double[] all = folder is not null && File.Exists(path)
            ? MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray()
            : table.Simulate(width);
        if (folder is not null)
        {
            File.WriteAllBytes(path, MemoryMarshal.AsBytes(all.AsSpan()).ToArray());
        }

        for (int index = 0; index < table.Possible.Count; index++)
        {
            table.rows.Add(table.Possible[index], all[(index * width)..((index + 1) * width)]);
        }

        return table;
    }

    /// <summary>What the search sees of this table under an SLO.</summary>
    internal SearchLandscape Under(ProofSlo slo)
    {
        SteadyEstimates estimates = new(new SettingTrials(Workload with { Slo = slo.Profile }));
        return new SearchLandscape
        {
            Space = Space,
            Possible = Possible,
            Rungs = Rungs,
            Run = (number, repetition, requests) => new SettingTrial(
                number, Space[number], repetition, requests, requests == Rungs[^1], slo.ScoreOf(RowOf(number, requests)), null!),
            Estimate = number => estimates.Of(Space[number]) is var estimate
                ? new SettingScore(estimate.JoulesPerOutputToken, estimate.WorstRatio)
                : default,
            Kind = number => SettingSearch.KindOf(Space, number),
            Complexity = number => SettingText.ChangedKnobs(Space[number]),
        };
    }

    /// <summary>The numbers of a simulation. Every repetition has the same requests, those that exhaustive search saw.</summary>
    private double[] RowOf(long number, int requests) => requests == Rungs[^1]
        ? rows[number]
        : shorter.GetOrAdd((number, requests), key => Simulate(key.Number, key.Requests));

    private double[] Simulate(int width)
    {
        double[] all = new double[Possible.Count * width];
        Parallel.For(0, Possible.Count, index => Simulate(Possible[index], Rungs[^1]).CopyTo(all, index * width));
        return all;
    }

    private double[] Simulate(long number, int requests)
    {
        ServingSetting setting = Space[number];
        RequestSchedule served = requests == Rungs[^1] ? schedule : new RequestSchedule(
            [.. schedule.Requests.Take(requests)], schedule.Concurrency, schedule.WarmUpSeconds, schedule.DurationSeconds);
        double last = schedule.Concurrency is null ? served.Requests[^1].ScheduledSeconds : double.PositiveInfinity;
        ExhaustiveSink sink = new(served.WarmUpSeconds, last);
        if (Trials.ClusterOf(setting) is { } cluster)
        {
            SimulatedCluster.Execute(served, cluster, sink);
        }
        else
        {
            SimulatedRun.Execute(served, Trials.SystemOf(setting), sink);
        }

        return sink.Row;
    }
}
