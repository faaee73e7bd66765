using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>How an exception crosses: as the same type with the same message, cause and trace, and what its type lets cross.</summary>
/// <remarks>
/// Fields of the framework's own exceptions come along. Those of the application's only with <see cref="IdAttribute"/>: in a cluster
/// the others would be lost, so they are here too.
/// </remarks>
internal static class ExceptionCopy
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Stripped = new();
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Kept = new();

    /// <summary>Never fails: an exception that cannot be copied is replaced by the reason, which names it.</summary>
    internal static Exception Of(Exception exception)
    {
        try
        {
            return Of(exception, new CopyContext());
        }
        catch (Exception reason)
        {
            return new Serialization.SerializerException($"{exception.GetType()} ({exception.Message}) could not be sent: {reason.Message}");
        }
    }

    internal static Exception Of(Exception exception, CopyContext context)
    {
        if (context.Find(exception) is { } known)
            return (Exception)known;
        var copy = (Exception)Clone(exception);
        context.Keep(exception, copy);
        Trace(copy) = null;
        RemoteTrace(copy) = exception.StackTrace is { } trace ? trace + Environment.NewLine + "--- carried from the grain to its caller ---" + Environment.NewLine : null;
        Data(copy) = exception.Data.Count == 0 ? null : new Hashtable(exception.Data);
        if (exception.InnerException is { } inner)
            Inner(copy) = Of(inner, context);
        foreach (var field in Stripped.GetOrAdd(exception.GetType(), FindStripped))
            field.SetValue(copy, null);
        foreach (var field in Kept.GetOrAdd(exception.GetType(), FindKept))
            field.SetValue(copy, field.GetValue(exception) is { } value ? Copiers.Of(value.GetType()).CopyObject(value, context) : null);
        return copy;
    }

    private static FieldInfo[] FindStripped(Type type)
    {
        var kept = FindKept(type);
        return [.. OwnFields(type).Except(kept)];
    }

    private static FieldInfo[] FindKept(Type type) => [.. CopiedMember.Annotated(type).Select(member => member.Field).Intersect(OwnFields(type))];

    private static IEnumerable<FieldInfo> OwnFields(Type type) =>
        CopiedMember.FieldsOf(type).Where(field => !IsFramework(field.DeclaringType!.Assembly));

    private static bool IsFramework(Assembly assembly) => assembly.GetName().Name is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    private static extern object Clone(object exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stackTrace")]
    private static extern ref object? Trace(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_remoteStackTraceString")]
    private static extern ref string? RemoteTrace(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_data")]
    private static extern ref IDictionary? Data(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? Inner(Exception exception);
}

/// <summary>Exceptions as arguments or results.</summary>
internal sealed class ExceptionCopier<T> : Copier<T>
    where T : Exception
{
    public override T Copy(T value, CopyContext context) => value is null ? null! : (T)ExceptionCopy.Of(value, context);
}
