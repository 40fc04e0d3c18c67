using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Http;
using GreenServe.Engine.Inference;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Engine.Runners.Hosting;

/// <summary>Loads a model and serves it until the server is told to stop.</summary>
/// <param name="settings">The model, the device and the address.</param>
/// <param name="output">Receives what the server has loaded and where it listens.</param>
/// <param name="input">The input whose end stops the server, if the settings ask for it.</param>
/// <param name="clock">The clock of the server and of the step log.</param>
internal sealed class EngineServer(EngineSettings settings, TextWriter output, TextReader input, TimeProvider clock)
{
    /// <summary>
    /// Serves until the process receives SIGINT or SIGTERM, or the caller cancels, or the input ends and the settings ask for that.
    /// </summary>
    /// <exception cref="InvalidInputException">The settings, the model or the port cannot be used.</exception>
    /// <exception cref="UnavailableException">A library or a device is missing, or the model does not fit into memory.</exception>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Problem[] problems = [.. settings.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        if (settings.Device == DeviceKind.Cpu)
        {
            YieldToClients();
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, stop);
        if (settings.StopsWithInput)
        {
            StopAtEndOfInput(stop);
        }

        RequireFreePort();
        using EngineStepFile? steps = settings.StepsFile is { } path ? new EngineStepFile(path, clock) : null;
        long begin = clock.GetTimestamp();
        using ServedModel model = ServedModel.Open(settings.Model, settings.Seed);
        await using InferenceEngine engine = StartEngine(model, steps);
        await using HttpServer server = await HttpServer.StartAsync(engine, ServerOptions(), stop.Token).ConfigureAwait(false);
        await AnnounceAsync(engine, model, server, clock.GetElapsedTime(begin)).ConfigureAwait(false);
        await WaitAsync(stop.Token).ConfigureAwait(false);
        await output.WriteLineAsync("Stopping.").ConfigureAwait(false);
    }

    private HttpServerOptions ServerOptions() => new()
    {
        Address = settings.Address,
        Port = settings.Port,
        SpeaksHttp2 = settings.SpeaksHttp2,
        StopGraceSeconds = settings.StopGraceSeconds,
        ApiKey = settings.ApiKeyVariable is { } variable ? Environment.GetEnvironmentVariable(variable) : null,
        Clock = clock,
    };

    /// <summary>Lowers the priority of this process below that of other programs.</summary>
    /// <remarks>
    /// An engine that computes on every core would keep a load generator on the same host from reading its tokens in time. All threads that
    /// start after this call, including those that compute, give way to other programs.
    /// </remarks>
    private static void YieldToClients()
    {
        using Process own = Process.GetCurrentProcess();
        try
        {
            own.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The system does not allow it. The load generator's own check then says whether it kept up.
        }
    }

    private InferenceEngine StartEngine(ServedModel model, EngineStepFile? steps)
    {
        IDecoderRunner runner = RunnerLoader.Load(settings, model, clock);
        try
        {
            return new InferenceEngine(runner, model.Text, new InferenceOptions
            {
                ModelName = settings.ServedName ?? model.Shape.Name,
                VocabularySize = model.Shape.VocabularySize,
                StepTokens = settings.EffectiveStepTokens(runner.Description.Slots),
                CacheTokens = settings.CacheTokens,
                EndTokens = model.EndTokens,
                Seed = settings.Seed,
            }, clock, steps is null ? null : steps.Add, steps is null ? null : steps.Flush);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    private async Task AnnounceAsync(InferenceEngine engine, ServedModel model, HttpServer server, TimeSpan taken)
    {
        RunnerDescription runner = engine.Runner;
        BatchLimits limits = engine.Limits;
        FormattableString[] lines =
        [
            $"model: {model.Shape.Name}, {model.Shape.ParameterCount / 1e6:0.0} M parameters, {runner.Precision}, weights {runner.Weights}",
            $"runner: {runner.Library} on {runner.Device}{(runner.Notes is { } notes ? "; " + notes : "")}",
            $"memory: weights {runner.WeightBytes / 1e9:0.000} GB, cache {runner.CacheBytes / 1e9:0.000} GB when full ({Slots(runner)})",
            $"batching: up to {limits.MaxSequences} sequences, {limits.StepTokens} tokens a step, {limits.CapacityTokens} cached tokens",
            $"tokens: {model.TextSource}",
            $"loaded in {taken.TotalSeconds:0.0} s",

            // This line comes last, so that a program that waits for it has read the others.
            $"Serving {engine.Model.Name} on {server.Address}",
        ];
        foreach (FormattableString line in lines)
        {
            await output.WriteLineAsync(FormattableString.Invariant(line)).ConfigureAwait(false);
        }

        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static string Slots(RunnerDescription runner) => $"{runner.Slots} sequences of {runner.ContextTokens} tokens";

    /// <summary>Refuses a port that is taken, before a large model is loaded for minutes.</summary>
    /// <exception cref="InvalidInputException">The server cannot listen on the port.</exception>
    private void RequireFreePort()
    {
        try
        {
            using TcpListener probe = new(settings.Address, settings.Port);
            probe.Start();
        }
        catch (SocketException exception)
        {
            throw new InvalidInputException(new Problem(
                "--port",
                $"{settings.Address}:{settings.Port}, where another program may be listening ({exception.Message})",
                "a free port on an address of this host; 0 takes one"));
        }
    }

    private static async Task WaitAsync(CancellationToken stop)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Stops the server when its input ends. Reading from a console blocks, so a thread of its own does it.</summary>
    private void StopAtEndOfInput(CancellationTokenSource stop)
    {
        Thread reader = new(() => ReadToEnd(stop)) { Name = "end of input", IsBackground = true };
        reader.Start();
    }

    private void ReadToEnd(CancellationTokenSource stop)
    {
        while (input.ReadLine() is not null)
        {
            // The content does not matter; only the end of the input does.
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The server has stopped already.
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
