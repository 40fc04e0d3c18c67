using System.Text;
using ScottPlot;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>The font of all figures, Inter (SIL Open Font License 1.1), carried along so that no font of the host is needed.</summary>
/// <remarks>
/// On a host without fonts ScottPlot silently draws no text at all. The package Avalonia.Fonts.Inter holds the font files in a resource of
/// its assembly, which is embedded here as a file and never loaded. The resource is an index (entries of path, offset and size) followed by
/// the files.
/// </remarks>
internal sealed class InterFont : IFontResolver
{
    /// <summary>Family name under which ScottPlot finds the font.</summary>
    internal const string Family = "Inter";

    private const string EmbeddedAssembly = "Avalonia.Fonts.Inter.dll";
    private static readonly Lazy<InterFont> Registered = new(Register);
    private readonly SKTypeface regular;
    private readonly SKTypeface bold;

    private InterFont(SKTypeface regular, SKTypeface bold)
    {
        this.regular = regular;
        this.bold = bold;
    }

    /// <summary>The regular face of the font.</summary>
    internal static SKTypeface Regular => Registered.Value.regular;

    /// <summary>The semi-bold face, for titles.</summary>
    internal static SKTypeface Bold => Registered.Value.bold;

    /// <summary>Makes the font known to ScottPlot. Further calls do nothing.</summary>
    internal static void Ensure() => _ = Registered.Value;

    /// <inheritdoc />
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

    /// <inheritdoc />
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName != Family ? null : bold ? this.bold : regular;

    private static InterFont Register()
    {
        byte[] resources = EmbeddedPackage.Read(EmbeddedAssembly, "!AvaloniaResources");
        InterFont font = new(Typeface(resources, "/Assets/Inter-Regular.ttf"), Typeface(resources, "/Assets/Inter-SemiBold.ttf"));
        Fonts.FontResolvers.Insert(0, font);
        Fonts.Default = Family;
        return font;
    }

    private static SKTypeface Typeface(byte[] resources, string path)
    {
        using SKData data = SKData.CreateCopy(FindFile(resources, path));
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The font file {path} cannot be read.");
    }

    private static byte[] FindFile(byte[] resources, string wanted)
    {
        using BinaryReader reader = new(new MemoryStream(resources), Encoding.UTF8);
        int indexLength = reader.ReadInt32();
        _ = reader.ReadInt32();   // version of the index
        int count = reader.ReadInt32();
        for (int entry = 0; entry < count; entry++)
        {
            string path = reader.ReadString();
            int offset = reader.ReadInt32();
            int size = reader.ReadInt32();
            if (path == wanted)
            {
                return resources.AsSpan(sizeof(int) + indexLength + offset, size).ToArray();
            }
        }

        throw new InvalidOperationException($"The font package holds no {wanted}.");
    }
}
