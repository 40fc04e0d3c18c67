using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Reads files out of assemblies of packages that are carried along as data and never loaded.</summary>
internal static class EmbeddedPackage
{
    /// <summary>Reads one resource of an embedded assembly.</summary>
    /// <param name="assembly">Name under which the assembly's file is embedded in this assembly.</param>
    /// <param name="resource">Name of the resource inside the embedded assembly.</param>
    /// <exception cref="InvalidOperationException">The build lacks the assembly or the resource, which is a bug.</exception>
    internal static byte[] Read(string assembly, string resource)
    {
        using Stream file = typeof(EmbeddedPackage).Assembly.GetManifestResourceStream(assembly)
            ?? throw new InvalidOperationException($"The resource {assembly} is missing from the build.");
        using MemoryStream bytes = new();
        file.CopyTo(bytes);
        bytes.Position = 0;
        using PEReader image = new(bytes);
        MetadataReader metadata = image.GetMetadataReader();
        foreach (ManifestResource candidate in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (metadata.StringComparer.Equals(candidate.Name, resource))
            {
                int directory = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
                BlobReader content = image.GetSectionData(directory + (int)candidate.Offset).GetReader();
                return content.ReadBytes(content.ReadInt32());
            }
        }

        throw new InvalidOperationException($"The package {assembly} holds no {resource}.");
    }
}
