using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using GreenServe.Running.Machine;
using GreenServe.Running.Points;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Engines;

/// <summary>
/// A built-in engine that serves operating points one after the other over HTTP. Points with the same
/// <see cref="EngineArguments.KeyOf"/> share an engine, because loading a model takes longer than measuring it.
/// </summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly ScratchFolder temporary;
    private readonly EngineProcess engine;
    private readonly TimeProvider time;
    private readonly IDisposable hold;
    private readonly string key;
    private readonly int contextTokens;

    private EngineSession(ScratchFolder temporary, EngineProcess engine, MeasurementContext context, IReadOnlyList<OperatingPoint> points)
    {
        this.temporary = temporary;
        this.engine = engine;
        time = context.Clock;
        hold = context.Lifetime.Hold();
        key = EngineArguments.KeyOf(points[0]);
        contextTokens = EngineArguments.ContextTokens(points);
    }

    private string StepsFile => StepsFileIn(temporary);

    /// <summary>Starts an engine for points of one key, with room for their longest request.</summary>
    /// <param name="points">At least one point; all have the same <see cref="EngineArguments.KeyOf"/>.</param>
    /// <param name="context">Its progress reports what is being waited for.</param>
    /// <param name="output">Receives what the engine prints.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="InvalidInputException">A knob has no counterpart in the engine, or the model cannot be served.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
    internal static async Task<EngineSession> StartAsync(
        IReadOnlyList<OperatingPoint> points, MeasurementContext context, TextWriter output, CancellationToken cancellationToken)
    {
        ScratchFolder temporary = ScratchFolder.Create("steps");
        try
        {
            IReadOnlyList<string> arguments = EngineArguments.For(points, StepsFileIn(temporary));
            context.Live.Enter(LivePhase.WaitingForServer, "starting the built-in engine");
            EngineProcess engine = await EngineProcess
                .StartAsync(arguments, output, cancellationToken, environment: null, context.Clock).ConfigureAwait(false);
            return new EngineSession(temporary, engine, context, points);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether this engine can serve a point: the point has the engine's key, and its longest request fits into a slot.
    /// </summary>
    internal bool Serves(OperatingPoint point) =>
        !engine.HasExited && EngineArguments.KeyOf(point) == key && EngineArguments.ContextTokens([point]) <= contextTokens;

    /// <summary>The engine as the server of a point.</summary>
    internal ServedTarget TargetOf(OperatingPoint point) => new EngineTarget(this, point);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        temporary.Dispose();
        hold.Dispose();
    }

    private static string StepsFileIn(ScratchFolder folder) => Path.Combine(folder.Path, RunFiles.Steps);

    /// <summary>Waits until no request is running. The engine writes its last steps to the file before it reports that.</summary>
    /// <returns><see cref="EngineState.Idle"/> or <see cref="EngineState.Gone"/>.</returns>
    /// <exception cref="UnavailableException">The engine is still busy after 10 s.</exception>
    private async Task<EngineState> WaitWhileBusyAsync()
    {
        long begin = time.GetTimestamp();
        using HttpClient client = new(DirectHttp.CreateHandler()) { BaseAddress = engine.Endpoint, Timeout = IdlePatience };
        EngineState state = await StateAsync(client).ConfigureAwait(false);
        while (state == EngineState.Busy)
        {
            if (time.GetElapsedTime(begin) > IdlePatience)
            {
                throw new UnavailableException($"The engine is still busy {IdlePatience.TotalSeconds:0} s after the load ended.");
            }

            await Task.Delay(PollInterval, time).ConfigureAwait(false);
            state = await StateAsync(client).ConfigureAwait(false);
        }

        return state;
    }

    private static async Task<EngineState> StateAsync(HttpClient client)
    {
        try
        {
            string text = await client.GetStringAsync(new Uri("metrics", UriKind.Relative)).ConfigureAwait(false);
            double[] counts = [.. PrometheusText.Series(text, IsRequestCount).Select(series => series.Value)];
            return counts.Length == 2 && counts.Sum() == 0 ? EngineState.Idle : EngineState.Busy;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return EngineState.Gone;
        }
    }

    private static bool IsRequestCount(string metric) => metric is "vllm:num_requests_running" or "vllm:num_requests_waiting";

    private enum EngineState
    {
        /// <summary>Requests are running or waiting.</summary>
        Busy,

        /// <summary>No request is running or waiting.</summary>
        Idle,

        /// <summary>The engine does not answer: it has ended, for example because Ctrl-C in a terminal reached it too.</summary>
        Gone,
    }

    private sealed class EngineTarget(EngineSession session, OperatingPoint point) : ServedTarget
    {
        internal override OpenAiOptions Connection => new() { Endpoint = session.engine.Endpoint, Seed = point.Seed };

        internal override BackendKind Backend => BackendKind.Engine;

        internal override ServingSystem System => point.System;

        internal override string Description => session.engine.Description;

        internal override HostLoad? WatchHost() => EngineArguments.IsCpu(point.System)
            ? new HostLoad(
                () => session.engine.ProcessorSeconds + Environment.CpuUsage.TotalTime.TotalSeconds,
                cores: Environment.ProcessorCount,
                engineThreads: Environment.ProcessorCount)
            : null;

        internal override async Task<IReadOnlyList<EngineStep>> ReadStepsAsync(RunClock clock)
        {
            if (await session.WaitWhileBusyAsync().ConfigureAwait(false) == EngineState.Gone)
            {
                // The last steps are in the file only after the process has ended.
                await session.engine.NoteEndAsync().ConfigureAwait(false);
            }

            return [.. EngineStepFile.Read(session.StepsFile, clock)];
        }

        internal override IEnumerable<VerdictReason> Reasons() => session.engine.ReasonAgainst is { } reason ? [reason] : [];
    }
}
