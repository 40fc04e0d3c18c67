using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Serving.Servers;

/// <summary>A process and every process that it starts, stopped together.</summary>
/// <remarks>
/// On Unix the process gets a session of its own (<c>setsid</c>). One signal then reaches the whole group, and Ctrl-C in the user's
/// terminal does not reach it: this suite stops it itself, in order. On other systems the process tree is killed. A watch in the
/// session ends the group when this process ends without having stopped it, for example because it was killed.
/// </remarks>
internal sealed class ProcessGroup
{
    private const int TerminateSignal = 15;
    private const int KillSignal = 9;
    private const int NoSignal = 0;

    /// <summary>
    /// Runs the command that follows, and beside it a watch that waits for the end of the standard input. Nobody writes into that:
    /// it ends when the process at its other end does. The watch then ends the group. The first argument is its patience in seconds.
    /// </summary>
    private const string WatchedCommand = """
        patience=$1
        shift
        exec 3<&0 </dev/null
        (trap '' TERM; read -r _ <&3; kill -TERM 0; sleep "$patience"; kill -KILL 0) >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        trap : TERM
        "$@"
        code=$?
        kill -KILL "$watch" 2>/dev/null
        exit "$code"
        """;

    /// <summary>How long a killed group may take to disappear; the kernel needs longer only for a process stuck in a driver.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at whether the group has ended: short against any server's stop, and cheap.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly string? SessionTool = FindSessionTool();

    /// <summary>Longest line that is kept whole (characters): stack traces and settings are shorter.</summary>
    private const int MaxLineLength = 64 * 1024;
    private readonly Process process;
    private readonly TimeProvider time;
    private readonly int identity;

    private ProcessGroup(Process process, Action<string> onLine, TimeProvider time)
    {
        this.process = process;
        this.time = time;
        identity = process.Id;
        OutputEnd = Task.WhenAll(ForwardAsync(process.StandardOutput, onLine), ForwardAsync(process.StandardError, onLine));
    }

    /// <summary>Completes when every process of the group has closed its output, and all of it has been read.</summary>
    internal Task OutputEnd { get; }

    /// <summary>Exit code of the process; <c>null</c> while it runs.</summary>
    internal int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Starts a process in a group of its own.</summary>
    /// <param name="command">Program, arguments and environment.</param>
    /// <param name="onLine">Receives each line that the process prints, from any thread. Very long lines are cut.</param>
    /// <param name="time">The clock of the waits in <see cref="StopAsync"/>.</param>
    /// <exception cref="UnavailableException">There is no such program, or it may not be run.</exception>
    internal static ProcessGroup Start(ServerCommand command, Action<string> onLine, TimeProvider time)
    {
        try
        {
            Process process = Process.Start(StartInfoOf(command))
                ?? throw new UnavailableException($"{command.Command[0]} could not be started.");
            return new ProcessGroup(process, onLine, time);
        }
        catch (Win32Exception exception)
        {
            throw new UnavailableException($"{command.Command[0]} could not be started: {exception.Message}");
        }
    }

    /// <summary>Kills the whole group without waiting for its end. Any thread may call it, also while the group is being stopped.</summary>
    internal void Kill()
    {
        try
        {
            Signal(KillSignal);
        }
        catch (InvalidOperationException)
        {
            // The group has been stopped and its process object disposed in between.
        }
    }

    /// <summary>Asks the whole group to end, waits, and kills what is left.</summary>
    /// <param name="grace">How long the group may take to end by itself.</param>
    internal async Task StopAsync(TimeSpan grace)
    {
        Signal(TerminateSignal);
        if (!await HasEndedAsync(grace).ConfigureAwait(false))
        {
            Signal(KillSignal);
            await HasEndedAsync(KillLimit).ConfigureAwait(false);
        }

        process.Dispose();
    }

    private static ProcessStartInfo StartInfoOf(ServerCommand command)
    {
        string patience = Math.Ceiling(command.StopSeconds).ToString(CultureInfo.InvariantCulture);
        IReadOnlyList<string> parts = SessionTool is null
            ? command.Command
            : [SessionTool, "/bin/sh", "-c", WatchedCommand, "greenserve", patience, .. command.Command];
        ProcessStartInfo start = new(parts[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in parts.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task<bool> HasEndedAsync(TimeSpan limit)
    {
        long start = time.GetTimestamp();
        while (IsAlive())
        {
            if (time.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(PollInterval, time).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Whether the process still runs; on Unix also whether any process of its group does.</summary>
    private bool IsAlive() => !process.HasExited || (SessionTool is not null && SendSignal(-identity, NoSignal) == 0);

    private void Signal(int signal)
    {
        if (SessionTool is null)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        else if (SendSignal(-identity, signal) != 0 && !process.HasExited)
        {
            // The session tool has been started and has not opened its session yet: there is only the process itself.
            _ = SendSignal(identity, signal);
        }
    }

    /// <summary>Passes lines on until every process that holds the output has closed it.</summary>
    private static async Task ForwardAsync(StreamReader output, Action<string> onLine)
    {
        using (output)
        {
            BoundedLineReader lines = new(output, MaxLineLength);
            try
            {
                while (await lines.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
                {
                    onLine(lines.WasCut ? $"{line} (line cut after {MaxLineLength} characters)" : line);
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The group has been stopped and its process object disposed in between.
            }
        }
    }

    private static string? FindSessionTool() => OperatingSystem.IsWindows() ? null
        : ((string[])["/usr/bin/setsid", "/bin/setsid", "/usr/local/bin/setsid"]).FirstOrDefault(File.Exists);

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signature.")]
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
