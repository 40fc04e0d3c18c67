using System.Diagnostics;
using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>Runs a command as a process of its own and measures it from outside, so that the command needs nothing for it.</summary>
internal static class MeasuredProcess
{
    /// <summary>Time between two looks at the peak memory of the process. It takes some 1 % of one core.</summary>
    internal static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private const string PeakKey = "VmHWM:";
    private const long BytesPerKilobyte = 1024;
    private const string NoPeak = "peak memory: this system does not say it of another process";

    /// <summary>Runs a command to its end. One that fails, or takes longer than the limit, has costs that are not measured.</summary>
    /// <param name="program">The program.</param>
    /// <param name="command">What is run.</param>
    /// <param name="limit">Longest time that the command may take.</param>
    /// <param name="clock">Clock of the wall time.</param>
    /// <param name="cancellationToken">Stops the process.</param>
    internal static async Task<CommandCost> RunAsync(
        string program, PlannedCommand command, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        command.Clear();
        CommandCost cost = new(command.Name, command.Requests);
        ProcessStartInfo start = new(program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        ChildProcessTime before = OperatingSystem.IsWindows() ? default : ChildProcessTime.OfEnded();
        long started = clock.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using CancellationTokenSource ended = new(limit, clock);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellationToken);
        Task<TimeSpan> exit = WaitAsync(process, started, clock, stop.Token);
        long? peakBytes = await PeakUntilAsync(exit, process, clock).ConfigureAwait(false);
        if (!exit.IsCompletedSuccessfully)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return cost with { NotMeasured = string.Create(CultureInfo.InvariantCulture, $"not done after {limit.TotalSeconds} s") };
        }

        await output.ConfigureAwait(false);
        string message = await error.ConfigureAwait(false);

        // An INVALID run has left its record all the same.
        if (process.ExitCode is not (ExitCode.Success or ExitCode.InvalidRun))
        {
            string words = message.Split('\n', 2)[0].Trim();
            return cost with { NotMeasured = string.Create(CultureInfo.InvariantCulture, $"exit code {process.ExitCode}: {words}") };
        }

        ChildProcessTime used = OperatingSystem.IsWindows()
            ? new(process.UserProcessorTime.TotalSeconds, process.PrivilegedProcessorTime.TotalSeconds)
            : ChildProcessTime.OfEnded().Since(before);
        return cost with
        {
            WallSeconds = (await exit.ConfigureAwait(false)).TotalSeconds,
            UserSeconds = used.UserSeconds,
            SystemSeconds = used.SystemSeconds,
            PeakBytes = peakBytes,
            WrittenBytes = command.Output is { } folder ? SizeOf(folder) : null,
            NotMeasured = peakBytes is null ? NoPeak : null,
        };
    }

    private static async Task<TimeSpan> WaitAsync(Process process, long started, TimeProvider clock, CancellationToken stop)
    {
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        return clock.GetElapsedTime(started);
    }

    private static async Task<long?> PeakUntilAsync(Task exit, Process process, TimeProvider clock)
    {
        using PeriodicTimer timer = new(PollInterval, clock);
        long? peakBytes = null;
        while (!exit.IsCompleted)
        {
            peakBytes = Math.Max(peakBytes ?? 0, PeakBytesOf(process) ?? 0) is > 0 and long peak ? peak : null;
            await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return peakBytes;
    }

    /// <summary>The peak resident memory so far; <c>null</c> if the process has ended, or if the system does not say.</summary>
    /// <remarks>
    /// On Linux this is <c>VmHWM</c> of <c>/proc/PID/status</c>, a maximum that the kernel keeps itself. <see cref="Process"/> has the
    /// same number, but reads a file of every thread for it.
    /// </remarks>
    private static long? PeakBytesOf(Process process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/status");
                return File.ReadLines(path).FirstOrDefault(line => line.StartsWith(PeakKey, StringComparison.Ordinal)) is { } line
                    ? BytesPerKilobyte * long.Parse(line.AsSpan(PeakKey.Length).Trim(" \tkB"), CultureInfo.InvariantCulture)
                    : null;
            }

            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The process ended in between.
            return null;
        }
    }

    private static long SizeOf(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
            : 0;
}
