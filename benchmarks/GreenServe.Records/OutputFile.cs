using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Records.Files;
using Microsoft.Win32.SafeHandles;

namespace GreenServe.Records;

/// <summary>Writes the output files of commands.</summary>
/// <remarks>
/// A file is first written as a draft beside it, whose name no other program uses, and then takes its place in one step. No reader
/// ever sees half a file. Of several programs that write the same file at once, the last one to finish leaves its whole text. A
/// symbolic link stays one: the file that it leads to is written. A device or named pipe is written into, because a file in its
/// place would never reach its reader.
/// </remarks>
public static partial class OutputFile
{
    private const string Place = "output file";
    private const string Allowed = "a file in a folder that exists and can be written";
    private const string DraftSuffix = ".draft";
    private const string ClaimSuffix = ".claim";
    private const int UnixFileExists = 17;
    private const int WindowsFileExists = unchecked((int)0x80070050);

    /// <summary>Drafts that are younger are never looked at, so that one that is just being created is not taken for a stale one.</summary>
    private static readonly TimeSpan YoungestStaleDraft = TimeSpan.FromMinutes(1);

    /// <summary>Replaces a file with a text in one step.</summary>
    /// <inheritdoc cref="Replace(string, Action{Stream})" />
    public static void Replace(string path, string text) => Replace(path, Writing(text));

    /// <summary>
    /// Replaces a file in one step with the bytes that <paramref name="write"/> writes. If that fails, the old file stays.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// The path is a folder, its folder does not exist, or the user may not write there.
    /// </exception>
    /// <exception cref="UnavailableException">The disk is full or read-only; the old file stays.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        if (OpenInPlace(path) is { } stream)
        {
            using (stream)
            {
                Write(path, stream, write, consequence: "");

                // Asking for the handle moves the position that the system keeps to the end of what was written.
                _ = stream.SafeFileHandle;
            }

            return;
        }

        string target = TargetOf(path);
        WriteDraft(path, target, write, draft => File.Move(draft, target, overwrite: true));
        RemoveStaleDrafts(target);
    }

    /// <summary>
    /// Creates a file that must not exist yet, in one step. Of several programs that create the same file, exactly one succeeds.
    /// </summary>
    /// <returns>Whether the file was created; <c>false</c> if it exists already, and then it stays as it is.</returns>
    /// <exception cref="InvalidInputException">The folder does not exist, or the user may not write there.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only; nothing is left.</exception>
    public static bool TryCreate(string path, string text)
    {
        bool isCreated = true;
        WriteDraft(path, path, Writing(text), draft =>
        {
            isCreated = TryClaim(path, () => File.Move(draft, path, overwrite: false));
            if (!isCreated)
            {
                Discard(draft);
            }
        });
        return isCreated;
    }

    /// <summary>Gives a file its name, unless the name is taken or another program is just taking it.</summary>
    /// <remarks>A move that must not overwrite looks first and moves then. Two programs may look before either moves.</remarks>
    private static bool TryClaim(string path, Action publish)
    {
        try
        {
            using FileStream claim = new(
                path + ClaimSuffix, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            if (Path.Exists(path))
            {
                return false;
            }

            publish();
            return true;
        }
        catch (IOException exception) when (exception.HResult is UnixFileExists or WindowsFileExists)
        {
            return false;
        }
    }

    private static Action<Stream> Writing(string text) => stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.Write(text);
    };

    /// <summary>Opens what is no regular file, and what this process has open already; <c>null</c> for all else.</summary>
    private static FileStream? OpenInPlace(string path)
    {
        try
        {
            if (DescriptorOf(path) is { } descriptor)
            {
                return new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            }

            return FileStatus.Of(path).Kind is FileKind.Pipe or FileKind.Device or FileKind.Socket
                ? new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw WriteFailure.ToOpen(exception, Place, Allowed, path);
        }
    }

    /// <summary>The file descriptor that a path names, for example 1 for <c>/dev/stdout</c>; <c>null</c> for any other path.</summary>
    private static int? DescriptorOf(string path) => path switch
    {
        "/dev/stdout" => 1,
        "/dev/stderr" => 2,
        _ => DescriptorPath().Match(path) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : null,
    };

    [GeneratedRegex(@"^/(?:dev|proc/self)/fd/(\d{1,6})$", RegexOptions.CultureInvariant)]
    private static partial Regex DescriptorPath();

    /// <summary>The file that a path leads to, after all symbolic links.</summary>
    private static string TargetOf(string path)
    {
        if (path.Length == 0 || FileStatus.Of(path).Kind == FileKind.Folder)
        {
            throw new InvalidInputException(new Problem(Place, path.Length == 0 ? null : "a folder", Allowed, path));
        }

        try
        {
            return new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.ToOpen(exception, Place, Allowed, path);
        }
    }

    private static void WriteDraft(string path, string target, Action<Stream> write, Action<string> publish)
    {
        string draft = $"{target}.{Path.GetRandomFileName()[..8]}{DraftSuffix}";
        try
        {
            // Unbuffered: a buffer would be written when the file is closed, and a full disk could no longer be reported.
            using FileStream stream = new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
            Write(path, stream, write, consequence: "; what was there before is unchanged");

            // The draft stays open, and so locked, until it has its name: no other program takes it for a stale one.
            publish(draft);
        }
        catch (Exception exception)
        {
            Discard(draft);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw WriteFailure.ToOpen(exception, Place, Allowed, path);
            }

            throw;
        }
    }

    private static void Write(string path, FileStream stream, Action<Stream> write, string consequence)
    {
        try
        {
            write(stream);
            stream.Flush();
        }
        catch (IOException exception)
        {
            throw new UnavailableException($"{path}: cannot be written ({WriteFailure.TextOf(exception)}){consequence}");
        }
    }

    /// <summary>Removes the drafts that killed programs have left of a file. A draft that is being written is locked, and stays.</summary>
    private static void RemoveStaleDrafts(string target)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        string prefix = $"{Path.GetFileName(target)}.";
        Attempt(() =>
        {
            IEnumerable<string> drafts = Directory.EnumerateFiles(folder, $"*{DraftSuffix}")
                .Where(draft => Path.GetFileName(draft).StartsWith(prefix, StringComparison.Ordinal));
            foreach (string draft in drafts.Where(draft => IsOlder(draft, target)))
            {
                Attempt(() => new FileStream(
                    draft, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose());
            }
        });
    }

    private static bool IsOlder(string draft, string target) =>
        File.GetLastWriteTimeUtc(target) - File.GetLastWriteTimeUtc(draft) > YoungestStaleDraft;

    private static void Discard(string draft) => Attempt(() => File.Delete(draft));

    // What is left over may be left over. The user must see what went wrong first, or that nothing did.
    private static void Attempt(Action removal)
    {
        try
        {
            removal();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
