using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using GreenServe.Records;

namespace GreenServe.Serving.Servers;

/// <summary>A process and everything it starts, stopped together.</summary>
/// <remarks>
/// On Unix it gets a session of its own (<c>setsid</c>), so that one signal reaches all of it and Ctrl-C in our terminal does not: we
/// stop it ourselves, in order. Elsewhere its tree is killed.
/// </remarks>
internal sealed class ProcessGroup
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly string? SessionTool = FindSessionTool();
    private static readonly ConcurrentDictionary<ProcessGroup, byte> Running = new();
    private readonly Process process;
    private readonly int identity;

    private ProcessGroup(Process process)
    {
        this.process = process;
        identity = process.Id;
        Running[this] = 0;
    }

    /// <summary>How it ended; <c>null</c> while it runs.</summary>
    internal int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Starts it.</summary>
    /// <param name="command">What.</param>
    /// <param name="onLine">Gets each line it prints.</param>
    /// <exception cref="UnavailableException">There is no such program, or it must not be run.</exception>
    internal static ProcessGroup Start(ServerCommand command, Action<string> onLine)
    {
        IReadOnlyList<string> parts = SessionTool is null ? command.Command : [SessionTool, .. command.Command];
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

        try
        {
            Process process = Process.Start(start) ?? throw new UnavailableException($"{command.Command[0]} could not be started.");
            process.OutputDataReceived += (_, line) => Forward(line.Data, onLine);
            process.ErrorDataReceived += (_, line) => Forward(line.Data, onLine);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new ProcessGroup(process);
        }
        catch (Win32Exception exception)
        {
            throw new UnavailableException($"{command.Command[0]} could not be started: {exception.Message}");
        }
    }

    /// <summary>Kills every group that is running, without waiting: this process is about to end.</summary>
    internal static void KillAll()
    {
        foreach (ProcessGroup group in Running.Keys)
        {
            group.Signal(Kill);
        }
    }

    /// <summary>Asks all of it to end, waits, and kills what is left.</summary>
    internal async Task StopAsync(TimeSpan grace)
    {
        Signal(Terminate);
        if (!await HasEndedAsync(grace).ConfigureAwait(false))
        {
            Signal(Kill);
            await HasEndedAsync(KillLimit).ConfigureAwait(false);
        }

        Running.TryRemove(this, out _);
        process.Dispose();
    }

    private async Task<bool> HasEndedAsync(TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (IsAlive())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(20).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Whether the process, or on Unix any process of its group, is there.</summary>
    private bool IsAlive() => !process.HasExited || (SessionTool is not null && SendSignal(-identity, 0) == 0);

    private void Signal(int signal)
    {
        if (SessionTool is not null)
        {
            _ = SendSignal(-identity, signal);
        }
        else if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void Forward(string? line, Action<string> onLine)
    {
        if (line is not null)
        {
            onLine(line);
        }
    }

    private static string? FindSessionTool() => OperatingSystem.IsWindows() ? null
        : ((string[])["/usr/bin/setsid", "/bin/setsid", "/usr/local/bin/setsid"]).FirstOrDefault(File.Exists);

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signature.")]
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
