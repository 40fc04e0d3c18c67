using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Http;
using GreenServe.Engine.Inference;
using GreenServe.Records;
using GreenServe.Records.Runs;

namespace GreenServe.Engine.Runners.Hosting;

/// <summary>Loads a model and serves it until told to stop.</summary>
internal sealed class EngineServer(EngineSettings settings, TextWriter output, TextReader input)
{
    /// <summary>Serves until SIGINT, SIGTERM, the end of standard input where asked, or cancellation.</summary>
    /// <exception cref="InvalidInputException">Settings, model or port cannot be used.</exception>
    /// <exception cref="UnavailableException">A library or device is missing, or the model does not fit.</exception>
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
        using EngineStepFile? steps = settings.StepsFile is { } path ? new EngineStepFile(path, TimeProvider.System) : null;
        long begin = TimeProvider.System.GetTimestamp();
        using ServedModel model = ServedModel.Open(settings.Model, settings.Seed);
        await using InferenceEngine engine = StartEngine(model, steps);
        await using HttpServer front = await HttpServer.StartAsync(engine, new HttpServerOptions
        {
            Address = settings.Address,
            Port = settings.Port,
            SpeaksHttp2 = settings.SpeaksHttp2,
            StopGraceSeconds = settings.StopGraceSeconds,
            ApiKey = settings.ApiKeyVariable is { } variable ? Environment.GetEnvironmentVariable(variable) : null,
        }, stop.Token).ConfigureAwait(false);
        await AnnounceAsync(engine, model, front, TimeProvider.System.GetElapsedTime(begin)).ConfigureAwait(false);
        await WaitAsync(stop.Token).ConfigureAwait(false);
        await output.WriteLineAsync("Stopping.").ConfigureAwait(false);
    }

    /// <summary>
    /// Computing on every core, the engine would keep a load generator on the same host from reading its tokens in time. Threads made from
    /// here on, those that compute among them, stand back for whoever else wants a core.
    /// </summary>
    private static void YieldToClients()
    {
        using Process own = Process.GetCurrentProcess();
        try
        {
            own.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not allowed here: then the client's own check says whether it kept up.
        }
    }

    private InferenceEngine StartEngine(ServedModel model, EngineStepFile? steps)
    {
        IDecoderRunner runner = RunnerLoader.Load(settings, model);
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
            }, TimeProvider.System, steps is null ? null : steps.Add, steps is null ? null : steps.Flush);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    private async Task AnnounceAsync(InferenceEngine engine, ServedModel model, HttpServer front, TimeSpan taken)
    {
        RunnerDescription runner = engine.Runner;
        FormattableString[] lines =
        [
            $"model: {model.Shape.Name}, {model.Shape.ParameterCount / 1e6:0.0} M parameters, {runner.Precision}, weights {runner.Weights}",
            $"runner: {runner.Library} on {runner.Device}{(runner.Notes.Length > 0 ? "; " + runner.Notes : "")}",
            $"memory: weights {runner.WeightBytes / 1e9:0.000} GB, cache {runner.CacheBytes / 1e9:0.000} GB when full ({runner.Slots} sequences of {runner.ContextTokens} tokens)",
            $"batching: up to {engine.Limits.MaxSequences} sequences, {engine.Limits.StepTokens} tokens a step, {engine.Limits.CapacityTokens} cached tokens",
            $"tokens: {model.TextSource}",
            $"loaded in {taken.TotalSeconds:0.0} s",

            // Last: whoever waits for this line has read the others.
            $"Serving {engine.Model.Name} on {front.Address}",
        ];
        foreach (FormattableString line in lines)
        {
            await output.WriteLineAsync(FormattableString.Invariant(line)).ConfigureAwait(false);
        }

        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A large model loads for a while: a port that is taken must be known before.</summary>
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
                "--port", $"{settings.Address}:{settings.Port}, where another program may be listening ({exception.Message})", "a free port on an address of this host; 0 takes one"));
        }
    }

    private static async Task WaitAsync(CancellationToken stop)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
    }

    /// <summary>A console's reader blocks whatever one awaits, so it gets a thread of its own.</summary>
    private void StopAtEndOfInput(CancellationTokenSource stop)
    {
        Thread reader = new(() => ReadToEnd(stop)) { Name = "end of input", IsBackground = true };
        reader.Start();
    }

    private void ReadToEnd(CancellationTokenSource stop)
    {
        while (input.ReadLine() is not null)
        {
            // Only the end counts.
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had stopped already.
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
