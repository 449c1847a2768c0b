//! Printing and parsing are inverse: a tree, printed and parsed, is the same tree at other places. What is printed is
//! laid out as a source is.

use neuronc::ast::{
    Activation, Argument, Comment, Comparison, Connection, Definition, Doc, Expect, Expression, ExpressionKind, Given,
    Import, Instance, Item, Keyword, Name, Number, Numbers, Operator, Parameter, Program, Property, Reference,
    References, Selector, Setting, Sign, Statement, StatementKind,
};
use neuronc::{Limits, Sources, Span, format, parse, print};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::RngSeed;

fn expression(kind: ExpressionKind) -> Expression {
    Expression { kind, span: Span::default() }
}

/// Names that are not reserved, in normal form C.
fn name() -> impl Strategy<Value = Name> {
    let reserved = [
        "network",
        "import",
        "const",
        "input",
        "weight",
        "bias",
        "activation",
        "neuron",
        "instance",
        "output",
        "expect",
        "as",
        "within",
        "then",
        "true",
        "false",
        "pi",
    ];
    "[a-zA-Z_é][a-z0-9_]{0,4}|input2|biased"
        .prop_filter("reserved", move |name| !reserved.contains(&name.as_str()))
        .prop_map(|text| Name { text, span: Span::default() })
}

fn property_name() -> impl Strategy<Value = Name> {
    prop_oneof!["[a-z]{1,5}", Just("bias".to_owned()), Just("activation".to_owned())]
        .prop_map(|text| Name { text, span: Span::default() })
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof!["[0-9]{1,3}", "[0-9]{1,3}\\.[0-9]{1,4}", "[0-9]_[0-9]{2}", "[1-9]\\.[0-9]{1,2}e-?[0-9]", "[1-9]E\\+2"]
        .prop_map(|spelling| Number { value: spelling.replace('_', "").parse().expect("a number"), spelling })
}

/// Names that may reach into something.
fn path() -> impl Strategy<Value = Name> {
    (name(), option::of(name())).prop_map(|(first, second)| match second {
        Some(second) => Name { text: format!("{}.{}", first.text, second.text), span: Span::default() },
        None => first,
    })
}

fn reference(inner: BoxedStrategy<Expression>) -> impl Strategy<Value = Reference> {
    let dotted = path();
    let selector = prop_oneof![
        inner.clone().prop_map(|index| Selector::Index(Box::new(index))),
        (inner.clone(), inner).prop_map(|(start, end)| Selector::Slice(Box::new(start), Box::new(end))),
    ];
    (dotted, option::of(selector)).prop_map(|(name, selector)| Reference { name, selector, span: Span::default() })
}

/// A list as the parser builds it: of numbers where it is nothing else.
fn list(items: Vec<Expression>) -> ExpressionKind {
    let number = |item: &Expression| match &item.kind {
        ExpressionKind::Number(number) => Some((number.value, number.spelling.clone())),
        ExpressionKind::Signed(sign, operand) => match (&operand.kind, sign) {
            (ExpressionKind::Number(number), Sign::Minus) => Some((-number.value, format!("-{}", number.spelling))),
            (ExpressionKind::Number(number), Sign::Plus) => Some((number.value, format!("+{}", number.spelling))),
            _ => None,
        },
        _ => None,
    };
    if let Some(numbers) = items.iter().map(number).collect::<Option<Vec<_>>>() {
        let (values, spellings): (Vec<f64>, Vec<String>) = numbers.into_iter().unzip();
        return ExpressionKind::Numbers(Numbers { rows: None, values, spelling: spellings.join(" ") });
    }
    let row = |item: &Expression| match &item.kind {
        ExpressionKind::Numbers(row) if row.rows.is_none() => Some(row.clone()),
        _ => None,
    };
    match items.iter().map(row).collect::<Option<Vec<_>>>() {
        Some(rows) if rows.iter().all(|row| row.values.len() == rows[0].values.len()) => {
            let spellings: Vec<&str> = rows.iter().map(|row| row.spelling.as_str()).collect();
            let values = rows.iter().flat_map(|row| row.values.clone()).collect();
            ExpressionKind::Numbers(Numbers { rows: Some(rows.len()), values, spelling: spellings.join(" ") })
        }
        _ => ExpressionKind::List(items),
    }
}

/// A number with or without a sign.
fn plain() -> impl Strategy<Value = Expression> {
    (option::of(sign()), number()).prop_map(|(sign, number)| {
        let number = expression(ExpressionKind::Number(number));
        match sign {
            Some(sign) => expression(ExpressionKind::Signed(sign, Box::new(number))),
            None => number,
        }
    })
}

fn sign() -> impl Strategy<Value = Sign> {
    prop_oneof![Just(Sign::Plus), Just(Sign::Minus)]
}

fn signed(operand: BoxedStrategy<Expression>) -> BoxedStrategy<Expression> {
    (vec(sign(), 0..3), operand)
        .prop_map(|(signs, operand)| {
            let wrap = |operand, sign| expression(ExpressionKind::Signed(sign, Box::new(operand)));
            signs.into_iter().fold(operand, wrap)
        })
        .boxed()
}

fn chain(operand: BoxedStrategy<Expression>, operators: [Operator; 2]) -> BoxedStrategy<Expression> {
    let rest = vec((proptest::sample::select(operators.to_vec()), operand.clone()), 0..3);
    (operand, rest)
        .prop_map(|(first, rest)| match rest.as_slice() {
            [] => first,
            _ => expression(ExpressionKind::Chain(Box::new(first), rest)),
        })
        .boxed()
}

/// Every expression, level by level of the grammar, so that printing needs no parentheses of its own.
fn value() -> BoxedStrategy<Expression> {
    let leaf = prop_oneof![
        number().prop_map(ExpressionKind::Number),
        Just(ExpressionKind::Pi),
        any::<bool>().prop_map(ExpressionKind::Truth),
        "[a-z \"\\\\#{}]{0,6}".prop_map(ExpressionKind::Text),
        name().prop_map(|name| ExpressionKind::Reference(Reference { name, selector: None, span: Span::default() })),
    ]
    .prop_map(expression)
    .boxed();
    leaf.prop_recursive(3, 24, 4, |inner| {
        let inner = inner.boxed();
        let argument = (option::of(name()), inner.clone()).prop_map(|(name, value)| Argument { name, value });
        let operand = prop_oneof![
            number().prop_map(ExpressionKind::Number),
            reference(inner.clone()).prop_map(ExpressionKind::Reference),
            vec(inner.clone(), 1..4).prop_map(list),
            vec(plain(), 1..4).prop_map(list),
            vec(vec(plain(), 2..=2).prop_map(|row| expression(list(row))), 1..4).prop_map(list),
            inner.clone().prop_map(|inner| ExpressionKind::Parenthesised(Box::new(inner))),
            (name(), vec(argument, 0..3)).prop_map(|(name, arguments)| ExpressionKind::Call(name, arguments)),
        ]
        .prop_map(expression)
        .boxed();
        let exponent = signed(operand.clone());
        let powers = (operand, option::of(exponent)).prop_map(|(base, exponent)| match exponent {
            Some(exponent) => expression(ExpressionKind::Power(Box::new(base), Box::new(exponent))),
            None => base,
        });
        let product = chain(signed(powers.boxed()), [Operator::Multiply, Operator::Divide]);
        let sum = chain(product, [Operator::Add, Operator::Subtract]);
        let comparisons = vec![
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
            Comparison::Equal,
            Comparison::NotEqual,
        ];
        let right = option::of((proptest::sample::select(comparisons), sum.clone()));
        (sum, right).prop_map(|(left, right)| match right {
            Some((mark, right)) => expression(ExpressionKind::Compare(Box::new(left), mark, Box::new(right))),
            None => left,
        })
    })
    .boxed()
}

fn properties() -> impl Strategy<Value = Option<Vec<Property>>> {
    let property = (option::of(doc()), property_name(), value());
    option::of(vec(property.prop_map(|(doc, name, value)| Property { doc, name, value }), 0..3))
}

fn references() -> impl Strategy<Value = References> {
    prop_oneof![
        reference(value()).prop_map(|reference| References {
            list: vec![reference],
            bracketed: false,
            span: Span::default()
        }),
        vec(reference(value()), 1..4).prop_map(|list| References { list, bracketed: true, span: Span::default() }),
    ]
}

/// Any statement that may stand in a network.
fn inner_statement() -> BoxedStrategy<Statement> {
    let item = (name(), option::of(vec(value(), 1..3)), option::of(value()), properties())
        .prop_map(|(name, size, value, properties)| Item { name, size, value, properties });
    let given = (name(), option::of(references()), properties()).prop_map(|(name, reference, properties)| Given {
        name,
        reference,
        properties,
    });
    let setting = || (reference(value()), value()).prop_map(|(reference, value)| Setting { reference, value }).boxed();
    let kind = prop_oneof![
        (proptest::sample::select(Keyword::ALL.to_vec()), vec(item, 1..3))
            .prop_map(|(keyword, items)| StatementKind::Declare(keyword, items)),
        (references(), references(), value(), properties()).prop_map(|(sources, targets, value, properties)| {
            StatementKind::Connection(Box::new(Connection { sources, targets, value, properties }))
        }),
        activation().prop_map(|activation| StatementKind::Activation(Box::new(activation))),
        vec(given, 1..3).prop_map(StatementKind::Output),
        (vec(setting(), 0..3), vec(setting(), 1..3), option::of(value()))
            .prop_map(|(inputs, wanted, within)| StatementKind::Expect(Box::new(Expect { inputs, wanted, within }))),
        (name(), path(), properties()).prop_map(|(name, network, settings)| {
            StatementKind::Instance(Box::new(Instance { name, network, settings }))
        }),
    ];
    (option::of(doc()), kind).prop_map(|(doc, kind)| Statement { doc, kind, span: Span::default() }).boxed()
}

fn statement() -> impl Strategy<Value = Statement> {
    let network = (name(), vec(inner_statement(), 0..4)).prop_map(|(name, statements)| {
        StatementKind::Define(Box::new(Definition { name, statements, head: Span::default() }))
    });
    let import = ("[a-z./\"\\\\]{1,6}", option::of(name()))
        .prop_map(|(path, name)| StatementKind::Import(Box::new(Import { path, path_span: Span::default(), name })));
    let kind = prop_oneof![network, import];
    let other = (option::of(doc()), kind).prop_map(|(doc, kind)| Statement { doc, kind, span: Span::default() });
    prop_oneof![3 => inner_statement(), 1 => other]
}

fn activation() -> impl Strategy<Value = Activation> {
    let others = vec((name(), option::of(value())).prop_map(|(name, default)| Parameter { name, default }), 0..3);
    (name(), name(), others, value()).prop_map(|(activation, input, others, body)| {
        let mut parameters = vec![Parameter { name: input, default: None }];
        parameters.extend(others);
        Activation { name: activation, parameters, body }
    })
}

fn doc() -> impl Strategy<Value = Doc> {
    vec("| ?[a-z#\"{]{1,4}( [a-z]{1,3})?", 1..3).prop_map(|lines| Doc { lines, span: Span::default() })
}

/// Programs with comments between their statements.
pub fn program() -> impl Strategy<Value = Program> {
    let comment = "#( [a-z\"{(]{0,5}[a-z])?".prop_map(|text| Comment { text, span: Span::default() });
    let parts = vec((vec(comment, 0..2), statement()), 0..4);
    (option::of(doc()), option::of(name()), parts).prop_map(|(doc, header, parts)| {
        let header =
            header.map(|name| Statement { doc: None, kind: StatementKind::Network(name), span: Span::default() });
        let mut program =
            Program { file: Span::default().file, doc, statements: header.into_iter().collect(), comments: vec![] };
        let mut place = 1;
        for (comments, mut statement) in parts {
            for mut comment in comments {
                comment.span.start = place;
                place += 1;
                program.comments.push(comment);
            }
            statement.span.start = place;
            if let Some(doc) = &mut statement.doc {
                doc.span.start = place;
            }
            place += 1;
            program.statements.push(statement);
        }
        program
    })
}

/// The tree with plain lines as a statement each.
pub fn apart(mut program: Program) -> Program {
    program.statements = statements_apart(program.statements);
    program
}

fn statements_apart(statements: Vec<Statement>) -> Vec<Statement> {
    let mut parted = Vec::new();
    for mut statement in statements {
        match &mut statement.kind {
            StatementKind::Lines(lines) => {
                let mut doc = statement.doc.clone();
                parted.extend(lines.statements().map(|line| Statement { doc: doc.take(), ..line }));
            }
            StatementKind::Define(network) => {
                network.statements = statements_apart(std::mem::take(&mut network.statements));
                parted.push(statement);
            }
            _ => parted.push(statement),
        }
    }
    parted
}

/// A tree's debug form without its places.
pub fn placeless(program: &Program) -> String {
    let text = format!("{program:?}");
    let mut rest = text.as_str();
    let mut kept = String::new();
    while let Some(start) = rest.find("Span {") {
        kept.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find('}').expect("a span's debug form is closed");
        rest = &rest[end + 1..];
    }
    kept + rest
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 600, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Default::default() })]

    #[test]
    fn parsing_what_was_printed_gives_the_same_tree(tree in program()) {
        let text = print(&tree, None);
        let mut sources = Sources::new();
        let file = sources.add("printed.neuron", text.clone().into_bytes(), &Limits::default()).expect("UTF-8");
        let (parsed, mistakes) = parse(sources.get(file), &Limits::default());
        prop_assert!(!mistakes.has_errors(), "{:?}\n{text}", mistakes.into_sorted());
        prop_assert_eq!(placeless(&apart(parsed.clone())), placeless(&tree), "{}", text);
        prop_assert_eq!(&print(&parsed, Some(sources.get(file))), &text);
        prop_assert_eq!(format(&parsed, sources.get(file)), text);
    }
}

/// What documents nothing in a source documents nothing when it is printed, and nothing is lost.
#[test]
fn comments_stay_comments() {
    let text =
        "input x ## late\ninput y = [\n  ## of an item\n  1, ## later\n  2\n]\nneuron d\n\n## of nothing\n\nneuron e\n";
    let mut sources = Sources::new();
    let file = sources.add("comments.neuron", text.into(), &Limits::default()).expect("UTF-8");
    let (program, mistakes) = parse(sources.get(file), &Limits::default());
    assert!(!mistakes.has_errors());
    let printed = print(&program, Some(sources.get(file)));
    for comment in ["# late", "# of an item", "# later", "# of nothing"] {
        assert!(printed.lines().any(|line| line == comment), "no {comment:?} in\n{printed}");
    }
    let again = sources.add("printed.neuron", printed.clone().into(), &Limits::default()).expect("UTF-8");
    let (reparsed, _) = parse(sources.get(again), &Limits::default());
    assert!(reparsed.statements.iter().all(|statement| statement.doc.is_none()), "{printed}");
    assert_eq!(print(&reparsed, None), printed);
}

/// `##` lines before a property are the property's, wherever it stands, and are printed before it.
#[test]
fn properties_have_documentation() {
    let text = "neuron c { activation = relu\n  ## of the bias,\n  ## in two lines\n  bias = 1 }, d {\n\t## of the\n\tactivation = relu, bias = 2\n  # no documentation\n  ## of nothing\n\n}\n";
    let mut sources = Sources::new();
    let file = sources.add("docs.neuron", text.into(), &Limits::default()).expect("UTF-8");
    let (program, mistakes) = parse(sources.get(file), &Limits::default());
    let warnings: Vec<_> = mistakes.iter().map(|report| (report.code, report.label.clone())).collect();
    let [(neuronc::Code::W0103, Some(label))] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!(sources.slice(label.span), "## of nothing");
    let printed = "neuron c {\n    activation = relu\n    ## of the bias,\n    ## in two lines\n    bias = 1\n}, d {\n    ## of the\n    activation = relu\n    bias = 2\n}\n# no documentation\n# of nothing\n";
    assert_eq!(print(&program, Some(sources.get(file))), printed);
}
