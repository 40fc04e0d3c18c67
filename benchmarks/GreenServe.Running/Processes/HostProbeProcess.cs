using System.Diagnostics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Running.Processes;

/// <summary>
/// Measures the speed of this host in a process of its own, once. The process ends before its result is used, so that neither its memory
/// nor its context on a GPU is there during a run, and a driver that crashes cannot end the run.
/// </summary>
/// <param name="command">The program that measures, and its arguments. It writes what <c>HostProbe.Run</c> writes.</param>
/// <param name="time">Source of time; <c>null</c> for the clock of this host.</param>
public sealed class HostProbeProcess(IReadOnlyList<string> command, TimeProvider? time = null)
{
    /// <summary>
    /// The longest time that the process gets. It takes one to two seconds, and a few more where the driver first has to wake the GPUs.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    private readonly TimeProvider clock = time ?? TimeProvider.System;
    private readonly Lock gate = new();
    private Task<HostSpeed>? measured;

    /// <summary>The probe as a command of the program that this process runs.</summary>
    /// <param name="words">The words that call the command.</param>
    public static HostProbeProcess OfThisProgram(IEnumerable<string> words)
    {
        string program = Environment.ProcessPath ?? "";
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new HostProbeProcess(isHost ? [program, Environment.GetCommandLineArgs()[0], .. words] : [program, .. words]);
    }

    /// <summary>
    /// The speed of this host. What cannot be measured is not known, with the reason. Later calls give the result of the first.
    /// Thread-safe.
    /// </summary>
    /// <param name="cancellationToken">Stops the probe.</param>
    public Task<HostSpeed> MeasureAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A probe that was stopped has no result.
            measured = measured is null or { IsCanceled: true } ? TimeAsync(cancellationToken) : measured;
            return measured.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// The GPU that the process sees: the first of those that this process may use. A driver takes longer to open several.
    /// </summary>
    /// <param name="visible">The GPUs that this process may use, as CUDA's environment variable lists them; <c>null</c> for all.</param>
    internal static string FirstDevice(string? visible) => visible is null ? "0" : visible.Split(',')[0];

    private async Task<HostSpeed> TimeAsync(CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        HostSpeed speed = await RunAsync(cancellationToken).ConfigureAwait(false);
        return speed with { ProbeSeconds = clock.GetElapsedTime(start).TotalSeconds };
    }

    private async Task<HostSpeed> RunAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[VisibleDevices] = FirstDevice(Environment.GetEnvironmentVariable(VisibleDevices));
        using CancellationTokenSource patience = new(Patience, clock);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                process.StandardInput.Close();
                return await ReadAsync(process, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HostSpeed.Unknown($"the probe gave no answer in {Patience.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            return HostSpeed.Unknown($"the probe cannot be started: {exception.Message}");
        }
    }

    /// <summary>The last line that the process wrote whole.</summary>
    private static async Task<HostSpeed> ReadAsync(Process process, CancellationToken cancellationToken)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        string said = (await errors.ConfigureAwait(false)).Trim();
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);

        // What follows the last line feed is a line that the process did not end.
        foreach (string line in output.Split('\n').SkipLast(1).Reverse())
        {
            try
            {
                return DocumentTree.ParseJson(line).BindWritten<HostSpeed>();
            }
            catch (InvalidInputException)
            {
                // A library may write lines of its own, such as a driver's warning.
            }
        }

        string why = said.Length > 0 ? $": {said.Split('\n')[0]}" : "";
        return HostSpeed.Unknown($"the probe ended with code {process.ExitCode} and gave no result{why}");
    }
}
