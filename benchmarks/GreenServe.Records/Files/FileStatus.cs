using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace GreenServe.Records.Files;

/// <summary>What a path leads to, with symbolic links followed.</summary>
/// <param name="Kind">The kind of the entry.</param>
/// <param name="Identity">
/// The entry itself, whatever path leads to it; <c>null</c> where nothing is there, and on systems that do not tell.
/// </param>
/// <remarks>
/// .NET does not tell a file from a device or a pipe, and opening a pipe waits for ever. Linux does (statx). Elsewhere everything that is
/// no folder counts as a file.
/// </remarks>
internal readonly record struct FileStatus(FileKind Kind, FileIdentity? Identity)
{
    /// <summary>Looks at what a path leads to.</summary>
    /// <param name="path">A path; relative to the current folder.</param>
    internal static FileStatus Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            return new FileStatus(FileKind.Missing, null);
        }

        return OperatingSystem.IsLinux() && LinuxStatus.TryRead(path) is { } status ? status : new FileStatus(PortableKind(path), null);
    }

    private static FileKind PortableKind(string path) =>
        Directory.Exists(path) ? FileKind.Folder : File.Exists(path) ? FileKind.File : FileKind.Missing;

    /// <summary>The function of libc that tells what a path leads to. The layout of its answer is the same on every processor.</summary>
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signature; no generated code needed.")]
    private static class LinuxStatus
    {
        private const int CurrentFolder = -100;
        private const int NoPermission = 13;
        private const uint BasicFields = 0x7ff;
        private const int AnswerBytes = 256;
        private const int ModeAt = 28;
        private const int NumberAt = 32;
        private const int DeviceAt = 136;

        internal static FileStatus? TryRead(string path)
        {
            byte[] answer = new byte[AnswerBytes];
            try
            {
                if (Statx(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), 0, BasicFields, answer) != 0)
                {
                    // What may not be looked at may be there. Whoever opens it is told that the permission is missing.
                    bool isThere = Marshal.GetLastPInvokeError() == NoPermission;
                    return new FileStatus(isThere ? FileKind.File : FileKind.Missing, null);
                }
            }
            catch (EntryPointNotFoundException)
            {
                return null; // A libc from before 2018.
            }

            FileIdentity identity = new(BitConverter.ToUInt64(answer, DeviceAt), BitConverter.ToUInt64(answer, NumberAt));
            return new FileStatus(KindOf(BitConverter.ToUInt16(answer, ModeAt) & 0xf000), identity);
        }

        private static FileKind KindOf(int format) => format switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0x1000 => FileKind.Pipe,
            0xc000 => FileKind.Socket,
            _ => FileKind.Device,
        };

        [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
        private static extern int Statx(int folder, byte[] path, int flags, uint fields, byte[] answer);
    }
}

/// <summary>A file or folder itself, whatever path leads to it.</summary>
/// <param name="Device">Number of the file system.</param>
/// <param name="Number">Number within the file system (inode).</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number);

/// <summary>The kind of what a path leads to.</summary>
internal enum FileKind
{
    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe, from which reading may wait for ever.</summary>
    Pipe,

    /// <summary>A device such as <c>/dev/zero</c>, which may never end.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,
}
