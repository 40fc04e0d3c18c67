using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>Prepares run records for a calibration.</summary>
internal static class RecordLoads
{
    /// <summary>
    /// Number of requests of a record that are simulated at most, the first ones. A calibration simulates each record hundreds of times,
    /// and the steady state of a run shows long before.
    /// </summary>
    internal const int MaxRequests = 2000;

    /// <summary>Every reason why records cannot be used together; empty if they can.</summary>
    internal static IEnumerable<Problem> Check(IReadOnlyList<RunRecord> records, StatedSystem stated)
    {
        foreach (RunRecord record in records)
        {
            foreach (Problem problem in RecordedSystem.Check(record, stated))
            {
                yield return problem;
            }

            foreach (Problem problem in stated.Contradictions(record.Manifest.Knobs))
            {
                yield return problem with { File = record.Folder };
            }
        }

        string[] gpus = [.. records.SelectMany(record => record.Manifest.Environment.Gpus)
            .Select(line => line.Split(" (", 2)[0].Trim()).Distinct(StringComparer.Ordinal)];
        if (gpus.Length > 1)
        {
            yield return new Problem("environment.gpus", string.Join(" and ", gpus), "one kind of GPU in all records: fit each apart");
        }

        string[] servers = [.. records.Select(ServerOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (servers.Length > 1)
        {
            yield return new Problem("environment.server", string.Join(" and ", servers), "one server in all records: fit each apart");
        }
    }

    /// <summary>The loads of records. <see cref="Check"/> must have found no problem.</summary>
    /// <param name="records">The records, each with a completed request.</param>
    /// <param name="stated">What the user states of the system in place of the records.</param>
    /// <param name="notes">Receives a sentence for what is left out.</param>
    /// <exception cref="InvalidInputException">A system cannot exist, or cannot serve the requests of its record.</exception>
    internal static IReadOnlyList<ObservedLoad> Of(IReadOnlyList<RunRecord> records, StatedSystem stated, ICollection<string> notes)
    {
        RecordReplay?[] replays = EveryCore.Select(records, record => RecordReplay.TryCreate(record, MaxRequests));
        List<ObservedLoad> loads = [];
        List<Problem> problems = [];
        List<string> idle = [];
        List<string> cut = [];
        HostSpeed? host = CalibrationHost.Of(records);
        foreach ((RunRecord record, RecordReplay? replay) in records.Zip(replays))
        {
            SimulatedSystem system = CalibrationHost.FittedOn(RecordedSystem.Of(record, stated), host);
            Problem[] found = replay is null ? [.. system.Check()] : [.. SimulatedRun.Check(replay.Schedule, system)];
            problems.AddRange(found.Select(problem => problem with { File = record.Folder }));
            if (replay is null)
            {
                idle.Add(RecordReplay.Describe(record).Id);
            }
            else if (found.Length == 0)
            {
                loads.Add(LoadOf(record, replay, system));
                cut.AddRange(replay.LeftOutRequests > 0 ? [replay.Measured.Id] : []);
            }
        }

        SimulatedSystem.ThrowIfAny(problems);
        ObservedLoad[] distinct = [.. loads.DistinctBy(load => (
            load.Measured.TtftSeconds, load.Measured.TbtSeconds, load.Measured.OutputTokensPerSecond, load.Measured.Watts))];
        Note(notes, [.. loads.Except(distinct).Select(load => load.Name)], "left out, since another record has the same measurements");
        loads = [.. distinct];
        Note(notes, idle, "left out, since no request was completed");
        foreach (string note in CalibrationHost.Notes([.. loads.Select(load => load.System)]))
        {
            notes.Add(note);
        }

        Note(notes, cut, $"compared over their first {MaxRequests} requests alone, to simulate them often");
        return loads;
    }

    /// <summary>Adds a sentence about some records, with the names of the first of them.</summary>
    internal static void Note(ICollection<string> notes, IReadOnlyCollection<string> names, string what)
    {
        const int MaxNamed = 5;
        if (names.Count > 0)
        {
            string more = names.Count > MaxNamed ? ", .." : "";
            notes.Add($"{names.Count} records {what}: {string.Join(", ", names.Take(MaxNamed))}{more}");
        }
    }

    /// <summary>Whether neither the user nor some record names an engine that has a profile.</summary>
    internal static bool LacksEngine(IReadOnlyList<RunRecord> records, StatedSystem stated) => stated.Engine is null
        && records.Any(record => record.Manifest.System is not { } system || EngineCatalog.TryFind(system.Engine) is null);

    /// <summary>The engine profile whose predictions, before any fit, come nearest to what was measured.</summary>
    internal static string NearestEngine(IReadOnlyList<RunRecord> records, StatedSystem stated)
    {
        List<string> ignored = [];
        return EngineCatalog.Names.Select(name =>
        {
            try
            {
                IReadOnlyList<ObservedLoad> loads = Of(records, stated with { Engine = name }, ignored);
                return (Name: name, Error: loads.Zip(ObservedLoad.Predict(loads, new Dictionary<CalibrationConstant, double>()))
                    .Average(pair => ObservedWeights.Times.Average(metric => Math.Abs(pair.First.LogError(metric, pair.Second)))));
            }
            catch (InvalidInputException)
            {
                return (Name: name, Error: double.PositiveInfinity);
            }
        }).MinBy(item => item.Error).Name;
    }

    private static ObservedLoad LoadOf(RunRecord record, RecordReplay replay, SimulatedSystem system) => new()
    {
        Name = replay.Measured.Id,
        OperatingPoint = FittedRuns.NameOf(record.Folder),
        Path = Path.TrimEndingDirectorySeparator(record.Folder),
        Measured = replay.Measured,
        System = system,
        Simulate = replay.Predict,
        InputTokens = replay.Schedule.Requests.Average(request => (double)request.InputTokens),
        OutputTokens = replay.Schedule.Requests.Average(request => (double)request.OutputTokens),
        Users = record.Manifest.Concurrency,
        Baselines = record.Manifest.Baselines,
        Likeness = $"{record.Manifest.WorkloadSha256} {system.Model.Name} {DocumentContract.ToNode(system.Knobs)} "
            + FormattableString.Invariant($"{record.Manifest.Concurrency} {Digest(replay)}"),
    };

    /// <summary>Mean lengths and number of the requests, in words.</summary>
    private static string Digest(RecordReplay replay)
    {
        double input = replay.Schedule.Requests.Average(request => (double)request.InputTokens);
        double span = replay.Schedule.Requests[^1].ScheduledSeconds;
        return FormattableString.Invariant($"{input:F0} tokens in, {replay.Schedule.Requests.Count / Math.Max(1, span):G2}/s");
    }

    /// <summary>The engine that a record names, or what it found the server to be; <c>null</c> where it says neither.</summary>
    private static string? ServerOf(RunRecord record) =>
        record.Manifest.System?.Engine ?? record.Manifest.Environment.Server?.Split(':', 2)[0].Trim();
}
