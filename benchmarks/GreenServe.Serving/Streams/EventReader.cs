using System.Buffers;
using System.Text;

namespace GreenServe.Serving.Streams;

/// <summary>Cuts a response body into events.</summary>
internal static class EventReader
{
    /// <summary>
    /// Reads server-sent events (<c>text/event-stream</c>), with comments, any line ends, and fields that are split over several reads.
    /// </summary>
    /// <param name="reading">Reads the events.</param>
    internal static ResponseLines OfServerSentEvents(OutputReading reading) => new(new ServerSentEvents(reading), reading);

    /// <summary>Reads one JSON object a line. Blank lines are skipped.</summary>
    /// <param name="reading">Reads the events.</param>
    internal static ResponseLines OfJsonLines(OutputReading reading) => new(new JsonLines(reading), reading);

    /// <summary>The lines of server-sent events, as the WHATWG HTML standard defines them.</summary>
    /// <remarks>
    /// A line of data that is an event of the format by itself is taken at once, without waiting for the blank line after it. Its time is
    /// then that of its own arrival, and a last event without a blank line is not lost. Data of several lines is taken at the blank line.
    /// </remarks>
    private sealed class ServerSentEvents(OutputReading reading) : ILineTaker
    {
        private ArrayBufferWriter<byte>? lines;
        private bool isError;

        public void Take(ReadOnlySpan<byte> line)
        {
            if (line.StartsWith("data:"u8))
            {
                TakeData(ValueOf(line, 4));
            }
            else if (line.IsEmpty)
            {
                EndEvent(isWhole: true);
            }
            else
            {
                TakeField(line);
            }
        }

        public void TakeEnd(ReadOnlySpan<byte> rest)
        {
            if (!rest.IsEmpty)
            {
                Take(rest);
            }

            EndEvent(isWhole: false);
        }

        private void TakeField(ReadOnlySpan<byte> line)
        {
            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
            ReadOnlySpan<byte> value = colon < 0 ? default : ValueOf(line, colon);
            if (name.SequenceEqual("event"u8))
            {
                isError |= value.Length >= 5 && Ascii.EqualsIgnoreCase(value[^5..], "error"u8);
            }
            else if (name.SequenceEqual("error"u8))
            {
                throw OutputReading.Error(value);
            }
            else if (name.SequenceEqual("data"u8))
            {
                TakeData(value);
            }
            else if (!name.IsEmpty && !name.SequenceEqual("id"u8) && !name.SequenceEqual("retry"u8))
            {
                reading.TakeStray(line);
            }
        }

        private void TakeData(ReadOnlySpan<byte> data)
        {
            bool isFirst = lines is not { WrittenCount: > 0 };
            if (isFirst && !isError && reading.TryTake(data))
            {
                return;
            }

            lines ??= new ArrayBufferWriter<byte>();
            lines.Write(data);
            lines.Write("\n"u8);
        }

        private void EndEvent(bool isWhole)
        {
            ReadOnlySpan<byte> data = lines is null ? default : lines.WrittenSpan;
            if (isError)
            {
                throw OutputReading.Error(data);
            }

            if (!data.IsEmpty)
            {
                reading.Take(data, isWhole);
                lines!.ResetWrittenCount();
            }
        }

        private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> line, int colon)
        {
            ReadOnlySpan<byte> value = line[(colon + 1)..];
            return value is [(byte)' ', ..] ? value[1..] : value;
        }
    }

    /// <summary>Lines of which each is an event.</summary>
    private sealed class JsonLines(OutputReading reading) : ILineTaker
    {
        public void Take(ReadOnlySpan<byte> line) => Take(line, isWhole: true);

        public void TakeEnd(ReadOnlySpan<byte> rest) => Take(rest, isWhole: false);

        private void Take(ReadOnlySpan<byte> line, bool isWhole)
        {
            if (line.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0 || reading.TryTake(line))
            {
                return;
            }

            // Before the first event it may be a page or an error of several lines.
            if (reading.Events == 0)
            {
                reading.TakeStray(line);
            }
            else
            {
                reading.Take(line, isWhole);
            }
        }
    }
}
