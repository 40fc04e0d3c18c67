using System.Diagnostics;
using System.Text;
using GreenServe.Records;
using GreenServe.Records.Verdicts;

namespace GreenServe.Running.Engines;

/// <summary>
/// The process that does inference (<c>greenserve-engine</c>). Only that process loads native inference libraries. It stops when
/// this process ends in any way, because its standard input is closed then.
/// </summary>
public sealed class EngineProcess : IAsyncDisposable
{
    private const string ReadyPrefix = "Serving ";
    private const string RunnerPrefix = "runner: ";
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);
    private readonly Process process;
    private readonly TimeProvider time;
    private readonly Task reading;
    private bool isStopped;
    private readonly StringBuilder errors = new();
    private readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process, TextWriter output, TimeProvider time)
    {
        this.process = process;
        this.time = time;
        Task readingErrors = ReadErrorsAsync();
        reading = Task.WhenAll(ReadOutputAsync(output, readingErrors), readingErrors);
    }

    /// <summary>
    /// Environment variable with the path of the executable, for an engine that is neither installed nor built beside this program.
    /// </summary>
    public const string PathVariable = "GREENSERVE_ENGINE";

    /// <summary>Root address of the engine's server.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>
    /// The engine's description of itself, for example <c>greenserve-engine: ONNX Runtime 1.31.1 on CPU, 2 threads</c>.
    /// </summary>
    public string Description { get; private set; } = "greenserve-engine";

    /// <summary>Processor time that the process has used so far (s); <c>null</c> once it has ended.</summary>
    public double? ProcessorSeconds
    {
        get
        {
            try
            {
                process.Refresh();
                return process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => isStopped || process.HasExited;

    /// <summary>
    /// The verdict reason of an engine that ended although nobody stopped it; <c>null</c> while it runs, and where it was stopped.
    /// </summary>
    public VerdictReason? ReasonAgainst { get; private set; }

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>The exit code of the process, one of <see cref="ExitCode"/>.</returns>
    /// <exception cref="UnavailableException">Something else ended the process, for example the system for want of memory.</exception>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode is ExitCode.Success or ExitCode.BadInput or ExitCode.Unavailable
            ? process.ExitCode
            : throw new UnavailableException($"The engine ended with code {process.ExitCode}. {Errors()}".TrimEnd());
    }

    /// <summary>Waits until an engine that no longer answers has ended, and keeps the verdict reason against it.</summary>
    public async Task NoteEndAsync()
    {
        if (isStopped)
        {
            return;
        }

        await StopAsync().ConfigureAwait(false);
        ReasonAgainst = new VerdictReason(
            VerdictCode.ServerEnded, $"the engine ended with exit code {process.ExitCode} during the run. {Errors()}".TrimEnd());
        process.Dispose();
    }

    /// <summary>Starts an engine and waits until it serves requests.</summary>
    /// <param name="arguments">Options of <c>greenserve serve engine</c>.</param>
    /// <param name="output">Receives what the engine prints, line by line.</param>
    /// <param name="cancellationToken">Cancels the wait and ends the process.</param>
    /// <param name="environment">
    /// Environment variables of the process in addition to those of this one; <c>null</c> for none.
    /// </param>
    /// <param name="time">Source of time; <c>null</c> for the clock of this host.</param>
    /// <exception cref="InvalidInputException">The engine refused its options, model or port.</exception>
    /// <exception cref="UnavailableException">The executable is missing, or the engine says that this machine cannot run it.</exception>
    public static async Task<EngineProcess> StartAsync(
        IEnumerable<string> arguments,
        TextWriter output,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeProvider? time = null)
    {
        ProcessStartInfo start = new(FindExecutable(), [.. arguments, "--stop-with-stdin"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.TryAdd("DOTNET_ROOT", RuntimeRoot());
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        EngineProcess engine = new(Process.Start(start)!, output, time ?? TimeProvider.System);
        try
        {
            engine.Endpoint = await engine.ready.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!isStopped)
        {
            await StopAsync().ConfigureAwait(false);
            process.Dispose();
        }
    }

    private async Task StopAsync()
    {
        isStopped = true;
        process.StandardInput.Close();
        using CancellationTokenSource patience = new(StopPatience, time);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await reading.ConfigureAwait(false);
    }

    private static string FindExecutable()
    {
        string name = OperatingSystem.IsWindows() ? "greenserve-engine.exe" : "greenserve-engine";
        string? named = Environment.GetEnvironmentVariable(PathVariable);
        string[] places = string.IsNullOrEmpty(named)
            ?
            [
                Path.Combine(AppContext.BaseDirectory, "engine", name),
                Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "GreenServe.Engine.Runners", "release", name)),
            ]
            : [named];
        return places.FirstOrDefault(File.Exists) ?? throw new UnavailableException(
            $"The engine's executable is not at {string.Join(" or ", places)}. Build the solution, or set {PathVariable} to it.");
    }

    /// <summary>Root folder of the .NET runtime of this process. An executable might otherwise look for it elsewhere.</summary>
    private static string RuntimeRoot() => Path.GetFullPath(
        Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private async Task ReadOutputAsync(TextWriter output, Task readingErrors)
    {
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
            if (line.StartsWith(RunnerPrefix, StringComparison.Ordinal))
            {
                Description = $"greenserve-engine: {line[RunnerPrefix.Length..]}";
            }

            if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal)
                && Uri.TryCreate(line[(line.LastIndexOf(' ') + 1)..], UriKind.Absolute, out Uri? endpoint))
            {
                ready.TrySetResult(endpoint);
            }
        }

        await process.WaitForExitAsync().ConfigureAwait(false);

        // The end of a process can be seen before its last words are read.
        await readingErrors.ConfigureAwait(false);
        ready.TrySetException(StartFailure());
    }

    private async Task ReadErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (errors)
            {
                errors.AppendLine(line);
            }
        }
    }

    private Exception StartFailure()
    {
        string said = Errors();
        return process.ExitCode switch
        {
            ExitCode.BadInput => new InvalidInputException(Problem.SaidBy("engine", said)),
            ExitCode.Unavailable => new UnavailableException(said),
            _ => new UnavailableException($"The engine ended with code {process.ExitCode} before it was ready. {said}"),
        };
    }

    private string Errors()
    {
        lock (errors)
        {
            return errors.ToString().Trim();
        }
    }
}
