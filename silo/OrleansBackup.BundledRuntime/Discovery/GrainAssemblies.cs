using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.Runtime;

/// <summary>Finds the application's grain classes: in what is loaded, and in what lies beside the application and uses this engine.</summary>
/// <remarks>
/// The compiler drops references that no code uses, and a host need not mention a grain class anywhere. So the files beside the
/// application are asked too; only their list of references is read, and only those that use this engine are loaded.
/// </remarks>
internal static class GrainAssemblies
{
    private static readonly Assembly Engine = typeof(GrainAssemblies).Assembly;
    private static readonly Lazy<Type[]> Classes = new(Find);

    internal static IReadOnlyList<Type> GrainClasses => Classes.Value;

    private static Type[] Find()
    {
        var name = Engine.GetName().Name!;
        var assemblies = new HashSet<Assembly> { Engine };
        foreach (var loaded in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!loaded.IsDynamic && loaded.GetReferencedAssemblies().Any(reference => reference.Name == name))
                assemblies.Add(loaded);
        }
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
        {
            if (References(file, name))
                assemblies.Add(Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(file))));
        }
        return [.. assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsGrainClass)];
    }

    private static bool IsGrainClass(Type type) => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrainBase).IsAssignableFrom(type) && typeof(IGrain).IsAssignableFrom(type);

    private static bool References(string file, string assembly)
    {
        using var stream = File.OpenRead(file);
        using var portable = new PEReader(stream);
        try
        {
            if (!portable.HasMetadata)
                return false;
        }
        catch (BadImageFormatException)
        {
            return false; // a native library that happens to be named .dll
        }
        var metadata = portable.GetMetadataReader();
        foreach (var handle in metadata.AssemblyReferences)
        {
            if (metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, assembly))
                return true;
        }
        return false;
    }
}
