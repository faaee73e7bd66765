using System.Runtime.CompilerServices;

namespace OrleansBackup.SqliteStorage;

/// <summary>The state of a grain that has none stored.</summary>
internal static class StateActivator<T>
{
    private static readonly bool HasConstructor = typeof(T).IsValueType || typeof(T).GetConstructor([]) is not null;

    internal static T Create()
    {
        if (HasConstructor)
            return Activator.CreateInstance<T>();
        return typeof(T) == typeof(string) || typeof(T).IsArray || typeof(T).IsAbstract
            ? default!
            : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
    }
}
