using System.Linq.Expressions;

namespace Orleans.Runtime;

/// <summary>The value tuple that carries a method's arguments: which type it is and where each argument sits in it.</summary>
internal static class ArgumentTuple
{
    /// <summary>Beyond seven, a tuple nests the rest in its eighth field.</summary>
    internal const int Flat = 7;

    private static readonly Type[] Definitions =
    [
        typeof(ValueTuple), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    ];

    internal static Type TypeFor(ReadOnlySpan<Type> arguments) => arguments.Length switch
    {
        0 => typeof(ValueTuple),
        <= Flat => Definitions[arguments.Length].MakeGenericType(arguments.ToArray()),
        _ => typeof(ValueTuple<,,,,,,,>).MakeGenericType([.. arguments[..Flat], TypeFor(arguments[Flat..])]),
    };

    internal static Expression[] Fields(Expression tuple, int count)
    {
        var fields = new Expression[count];
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && i % Flat == 0)
                tuple = Expression.Field(tuple, "Rest");
            fields[i] = Expression.Field(tuple, $"Item{(i % Flat) + 1}");
        }
        return fields;
    }
}
