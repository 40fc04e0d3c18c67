using System.Buffers;

namespace GreenServe.Serving.Streams;

/// <summary>The beginning of what a server sent that is no piece of an output, for example a web page or an error.</summary>
internal sealed class StrayText
{
    /// <summary>Bytes kept: more than an error message needs, and enough to see whether it is one.</summary>
    private const int MaxBytes = 4096;
    private readonly ArrayBufferWriter<byte> text = new();

    /// <summary>Whether any of it was outside the events of the stream.</summary>
    internal bool IsUnframed { get; private set; }

    /// <summary>Whether the text is JSON in the shape of an error.</summary>
    internal bool IsError => HasErrorShape(text.WrittenSpan);

    /// <summary>Whether an object of JSON has a member for an error, or for the words of one, and no output.</summary>
    /// <remarks>
    /// OpenAI, llama.cpp, TGI and Ollama send <c>error</c>, FastAPI sends <c>detail</c>, gateways send <c>message</c>. Text that breaks
    /// off is judged by the members before its end.
    /// </remarks>
    internal static bool HasErrorShape(ReadOnlySpan<byte> json)
    {
        JsonScanner scanner = new(json);
        _ = scanner.TryTake((byte)'[');
        bool isError = false;
        bool hasMember = scanner.TryTake((byte)'{');
        while (hasMember && scanner.TryTakeName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("choices"u8))
            {
                return false;
            }

            bool isNamed = name.SequenceEqual("error"u8) || name.SequenceEqual("errors"u8) || name.SequenceEqual("detail"u8)
                || name.SequenceEqual("message"u8);
            bool isWhole = scanner.TryTakeValue(out Range value);
            isError |= isNamed && !OutputEndMember.IsNothing(scanner.TextOf(value));
            hasMember = isWhole && scanner.TryTake((byte)',');
        }

        return isError;
    }

    /// <summary>Adds a line, as far as there is room.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="isUnframed">Whether it stood outside the events of the stream.</param>
    internal void Add(ReadOnlySpan<byte> line, bool isUnframed)
    {
        IsUnframed |= isUnframed;
        int room = Math.Max(0, MaxBytes - text.WrittenCount);
        text.Write(line[..Math.Min(line.Length, room)]);
        if (line.Length < room)
        {
            text.Write("\n"u8);
        }
    }

    /// <summary>The text as an error message shows it: one line, not long.</summary>
    public override string ToString() => ErrorText.Clean(text.WrittenSpan);
}
